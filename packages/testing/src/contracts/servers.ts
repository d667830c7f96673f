import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '@redoubt/config';
import { Secret } from '@redoubt/secrets';

/** Where `docker compose -f compose.servers.yaml up postgres valkey` leaves the passwords that it made. */
const COMPOSE_DIRECTORY = join(import.meta.dirname, '../../../../.local/servers');

const WHAT_TO_RUN =
  'The contract tests against real servers need both. Either run `docker compose -f compose.servers.yaml up --wait postgres valkey`, ' +
  'or `tools/with-servers.sh pnpm test:servers`, or set TEST_POSTGRES_URL and TEST_VALKEY_URL.';

/** A server for tests, as the options of `openPostgres` and `connectValkey` want it. */
export interface TestServer {
  /** Without user name for Valkey, and without password for both. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

/** The servers of a contract run. The user of each may do everything: test files make their own users with it. */
export interface TestServers {
  readonly postgres: TestServer;
  readonly valkey: TestServer;
}

/**
 * Finds the servers: `TEST_POSTGRES_URL` and `TEST_VALKEY_URL`, or what the compose file started.
 *
 * @throws {Error} when there are none; the message says what to run.
 */
export function readServers(): TestServers {
  const environment = readEnvironment();
  const postgres = environment['TEST_POSTGRES_URL'] ?? readComposeUrl('postgres');
  const valkey = environment['TEST_VALKEY_URL'] ?? readComposeUrl('valkey');
  if (postgres === undefined || valkey === undefined) throw new Error(WHAT_TO_RUN);
  return { postgres: toServer(postgres, 'user in the url'), valkey: toServer(valkey, 'user apart') };
}

function readComposeUrl(server: 'postgres' | 'valkey'): string | undefined {
  const file = join(COMPOSE_DIRECTORY, `${server}-url`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

function toServer(text: string, place: 'user in the url' | 'user apart'): TestServer {
  const url = new URL(text);
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.password = '';
  if (place === 'user apart') url.username = '';
  return {
    url: url.href,
    username: username === '' ? undefined : username,
    password: password === '' ? undefined : Secret.of(password),
  };
}
