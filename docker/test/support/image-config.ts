import { docker, succeeded } from './stack.ts';

/** What an image says of how it is started, as far as the tests ask. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

interface InspectedImage {
  readonly Config: ImageConfig;
  readonly RootFS: { readonly Layers: readonly string[] };
}

/** Reads the configuration of an image. */
export async function readConfig(image: string): Promise<ImageConfig> {
  return (await inspectImage(image)).Config;
}

/** Digests of an image's layers, the lowest first. */
export async function readLayerDigests(image: string): Promise<readonly string[]> {
  return (await inspectImage(image)).RootFS.Layers;
}

/** The options of Node in a command of an image. */
export function nodeOptionsOf(command: readonly string[]): readonly string[] {
  return command.filter((word) => word.startsWith('--'));
}

async function inspectImage(image: string): Promise<InspectedImage> {
  const { stdout } = succeeded(await docker('image', 'inspect', image));
  const [inspected] = JSON.parse(stdout) as [InspectedImage];
  return inspected;
}
