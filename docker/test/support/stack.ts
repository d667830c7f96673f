import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { readEnvironment } from '@redoubt/config';

/** The images under test. */
export const API_IMAGE = 'redoubt-api:test';
export const LOCAL_IMAGE = 'redoubt-local:test';

/** Where the edge of the stack under test listens: beside a stack that a person may have started. */
export const EDGE_PORT = 18_443;
export const EDGE_HTTP_PORT = 18_080;
/** The second edge, with production's own rates. */
export const DEFAULTS_PORT = 18_444;
export const origin = `https://localhost:${EDGE_PORT}`;

/** The names of the stack under test, of its networks and of its volumes begin with this. */
export const PROJECT = 'redoubt-test';

/** How a command ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = readEnvironment();
const root = join(import.meta.dirname, '..', '..', '..');
const files = ['compose.yaml', 'docker/test/compose.test.yaml'].flatMap((file) => ['--file', join(root, file)]);

/** What `compose.yaml` is told. */
const variables = {
  EDGE_SERVER_NAME: 'localhost',
  EDGE_BIND: '127.0.0.1',
  EDGE_RATE: '50r/s',
  EDGE_AUTH_RATE: '60r/m',
  SECURITY_CONTACT: 'mailto:security@localhost',
  PUBLIC_URL: origin,
  API_IMAGE,
  LOCAL_IMAGE,
  EDGE_PORT: String(EDGE_PORT),
  EDGE_HTTP_PORT: String(EDGE_HTTP_PORT),
  APP_SUBNET: '10.250.251.0/24',
  APP_RANGE: '10.250.251.128/25',
  EDGE_ADDRESS: '10.250.251.2',
};

/** The environment of every command. */
export const stackEnvironment = { ...environment, ...variables };

/**
 * `docker compose` on the stack under test. `STACK_COMPOSE` names another program to do it by: where no registry of images
 * is reachable, one that puts local images in the place of the pinned ones.
 */
export const composeCommand: readonly string[] = [
  ...(environment['STACK_COMPOSE'] ?? 'docker compose').split(' '),
  '--project-name',
  PROJECT,
  ...files,
];

/** More than any output here. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Runs a command of `docker compose`. */
export function compose(...command: string[]): Promise<CommandResult> {
  return run([...composeCommand, ...command]);
}

/** Runs `docker build`; `STACK_BUILD` names another program to do it by. */
export function build(...command: string[]): Promise<CommandResult> {
  return run([...(environment['STACK_BUILD'] ?? 'docker build').split(' '), ...command]);
}

/** Runs `docker`. */
export function docker(...command: string[]): Promise<CommandResult> {
  return run(['docker', ...command]);
}

/** Runs a command inside a service's first container. */
export function execIn(service: string, ...command: string[]): Promise<CommandResult> {
  return compose('exec', '-T', service, ...command);
}

/** Ids of a service's running containers. */
export async function containersOf(service: string): Promise<string[]> {
  const { stdout } = succeeded(await compose('ps', '--quiet', service));
  return stdout.split('\n').filter((line) => line !== '');
}

/** What the edge's certificate is believed by: its authority, in PEM. */
export async function readAuthority(): Promise<string> {
  return succeeded(await execIn('edge', 'cat', '/run/secrets/authority.pem')).stdout;
}

/** @throws {Error} with what it wrote, when a command has failed. */
export function succeeded(result: CommandResult): CommandResult {
  if (result.code !== 0) throw new Error(`a command ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  return result;
}

async function run([program = '', ...command]: readonly string[]): Promise<CommandResult> {
  const options = { cwd: root, env: stackEnvironment, maxBuffer: MAX_OUTPUT_BYTES };
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  execFile(program, command, options, (error, stdout, stderr) => {
    if (error === null) resolve({ code: 0, stdout, stderr });
    else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
    else reject(error);
  });
  return promise;
}
