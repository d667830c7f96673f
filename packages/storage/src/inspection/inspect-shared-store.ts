import { Redis, type RedisOptions } from 'iovalkey';
import { ReconnectDelay } from '../shared-store/reconnect-delay.ts';
import { rethrow } from '../shared-store/valkey-error.ts';
import { toClientOptions, type ValkeyOptions } from '../shared-store/valkey-options.ts';
import { routeOf, type StoreRoute } from './store-address.ts';
import { attemptCommands } from './store-attempts.ts';

/**
 * What the service's user of a shared store may, for `judgeSharedStore` of `@redoubt/config`. A fact that the server
 * does not tell is `undefined`.
 */
export interface SharedStoreFacts extends StoreRoute {
  /** Signed in as the user that every server begins with. */
  readonly isDefaultUser: boolean;
  /** Whether the server serves a client that shows no password. */
  readonly admitsAnybody: boolean | undefined;
  /** Commands that it may run and has no use for: `CONFIG`. */
  readonly allowedCommands: readonly string[] | undefined;
  /** What it may do with names outside of its prefix: `read keys`, `write keys`, `publish`, `listen`. */
  readonly foreignAccess: readonly string[] | undefined;
  /** What the server drops when it is full; a user without further rights may not ask. */
  readonly evictionPolicy: string | undefined;
}

/** The user that every server begins with, and that a client without a name is. */
const DEFAULT_USER = 'default';

/**
 * Asks a server of the shared store, by connections of its own, what the service's user may (SR-50). Nothing is
 * written, and no command runs that the user should not have: see `store-attempts.ts`.
 *
 * @throws {SharedStoreUnavailableError} when the server cannot be asked.
 * @throws {TypeError} as `connectValkey` does.
 */
export async function inspectSharedStore(options: ValkeyOptions): Promise<SharedStoreFacts> {
  const own = toClientOptions(options, new ReconnectDelay());
  const known = await withClient(own, (client) => ask(client, options)).catch(rethrow);
  return {
    ...routeOf(options.url),
    isDefaultUser: known.isDefaultUser,
    admitsAnybody: await admitsAnybody(options),
    allowedCommands: known.permissions?.allowedCommands,
    foreignAccess: known.permissions?.foreignAccess,
    evictionPolicy: known.evictionPolicy,
  };
}

async function ask(client: Redis, options: ValkeyOptions) {
  await client.ping();
  return {
    isDefaultUser: (await readUser(client, options)) === DEFAULT_USER,
    evictionPolicy: await readEvictionPolicy(client),
    // Last: what is begun here ends with the connection.
    permissions: await attemptCommands(client),
  };
}

/** Without a reconnect: it would leave the transaction that attempts rest on. */
async function withClient<Result>(options: RedisOptions, use: (client: Redis) => Promise<Result>): Promise<Result> {
  const client = new Redis({ ...options, retryStrategy: () => null, reconnectOnError: () => false });
  // Without a listener the library prints errors to the console; those that matter reject what was called.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

/** By the server where it may be asked, or as the connection was made. */
async function readUser(client: Redis, { username = DEFAULT_USER }: ValkeyOptions): Promise<string> {
  const user = await askIfAllowed(client, 'ACL', 'WHOAMI');
  return typeof user === 'string' ? user : username;
}

async function readEvictionPolicy(client: Redis): Promise<string | undefined> {
  const memory = await askIfAllowed(client, 'INFO', 'memory');
  const [, policy] = /^maxmemory_policy:([\w-]+)/m.exec(String(memory)) ?? [];
  if (policy !== undefined) return policy;
  const setting = await askIfAllowed(client, 'CONFIG', 'GET', 'maxmemory-policy');
  return Array.isArray(setting) && typeof setting[1] === 'string' ? setting[1] : undefined;
}

async function askIfAllowed(client: Redis, command: string, ...args: string[]): Promise<unknown> {
  // The user may not ask, or the server does not know the command: the fact is not known, and unknownFacts names it.
  return client.call(command, args).catch(() => undefined);
}

/** Connects once more, with neither a password nor a certificate to show, and asks what takes no right. */
async function admitsAnybody(options: ValkeyOptions): Promise<boolean | undefined> {
  const { username: _username, password: _password, tls: material, ...address } = options;
  const tls = typeof material === 'function' ? material() : material;
  const { certificate: _certificate, privateKey: _privateKey, ...server } = tls ?? {};
  const stranger = toClientOptions({ ...address, ...(tls === undefined ? {} : { tls: server }) }, new ReconnectDelay());
  try {
    return await withClient(stranger, async (client) => (await client.ping()) === 'PONG');
  } catch (error) {
    // The server's refusal is an answer; a connection that it closed, as one that broke, is not known.
    return error instanceof Error && error.name === 'ReplyError' ? false : undefined;
  }
}
