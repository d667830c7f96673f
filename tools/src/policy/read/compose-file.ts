import { UnreadableFileError } from './unreadable-file-error.ts';
import type { YamlView } from './yaml-view.ts';

/** One service, as far as the rules look at it. */
export interface ComposeService {
  readonly [key: string]: unknown;
  readonly env_file?: unknown;
  readonly user?: string;
  readonly image?: unknown;
  readonly pull_policy?: unknown;
  readonly restart?: string;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly unknown[];
  readonly ports?: readonly unknown[];
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

/** A compose file with its anchors and merges resolved. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

/** @throws {UnreadableFileError} when the file has no services. */
export function composeFileOf(file: string, view: YamlView): ComposeFile {
  const parsed = view.value as ComposeFile | null;
  if (parsed?.services === undefined) throw new UnreadableFileError(file, 1, 'a compose file has services');
  return {
    ...parsed,
    services: Object.fromEntries(Object.entries(parsed.services).map(([name, each]) => [name, inFull(each)])),
  };
}

const LISTS = ['tmpfs', 'volumes', 'ports', 'cap_add', 'cap_drop', 'security_opt'] as const;

/** Where compose takes one text for a list of one, and nothing for an empty one, so that rules meet one form. */
function inFull(service: ComposeService | null): ComposeService {
  const lists = LISTS.map((key) => [key, service?.[key] ?? []] as const).map(
    ([key, value]) => [key, [value].flat()] as const,
  );
  const present = lists.filter(([key]) => service !== null && Object.hasOwn(service, key));
  const environment = service?.environment === null ? {} : service?.environment;
  return { ...service, ...Object.fromEntries(present), ...(environment === undefined ? {} : { environment }) };
}

/** A service that runs once and ends, rather than serving. */
export function isJob({ restart }: ComposeService): boolean {
  return restart === 'no';
}

/** Names of the networks that a service is on. */
export function networksOf({ networks = [] }: ComposeService): readonly string[] {
  return Array.isArray(networks) ? (networks as readonly string[]) : Object.keys(networks);
}
