import { randomUUID } from 'node:crypto';

import { type CommandResult, containersOf, docker, PROJECT, succeeded } from '../../support/stack.ts';

/** Whose programs an attacker has, and whose secrets. */
interface Attacker {
  /** The service whose image it runs. */
  readonly programs: 'postgres' | 'valkey';
  /** The volume that it has stolen. */
  readonly secrets: 'roles-secrets' | 'api-secrets';
}

/** Whose the files of both volumes are. */
const OWNER = '65532:65532';

/** A container on the network of the data, as another service there would be, that runs what it is told. */
export class ClientContainer {
  readonly #id: string;

  private constructor(id: string) {
    this.#id = id;
  }

  static async start({ programs, secrets }: Attacker): Promise<ClientContainer> {
    const [server = ''] = await containersOf(programs);
    const { stdout: image } = succeeded(await docker('inspect', '--format', '{{.Image}}', server));
    const where = ['--network', `${PROJECT}_data`, '--volume', `${PROJECT}_${secrets}:/run/secrets:ro`];
    const options = ['--detach', '--rm', '--user', OWNER, '--name', `${PROJECT}-client-${randomUUID()}`];
    const { stdout } = succeeded(
      await docker('run', ...options, ...where, '--entrypoint', 'sleep', image.trim(), '3600'),
    );
    return new ClientContainer(stdout.trim());
  }

  /** Runs a program with what a file of the secrets holds in a variable of its environment. */
  run(variable: string, file: string, ...command: string[]): Promise<CommandResult> {
    const script = `export ${variable}="$(cat /run/secrets/${file})"; exec "$@"`;
    return docker('exec', this.#id, 'sh', '-c', script, 'sh', ...command);
  }

  async remove(): Promise<void> {
    succeeded(await docker('rm', '--force', this.#id));
  }
}
