import type { LiveSecret, Secret } from '@redoubt/secrets';
import type { RedisOptions } from 'iovalkey';
import type { StorageLogger } from '../storage-logger.ts';
import type { ReconnectDelay } from './reconnect-delay.ts';

/**
 * Longest wait for one answer: milliseconds. A healthy server answers within a few; a request that waits longer for
 * its rate limit than for its work is better refused or limited locally (SR-22).
 */
export const COMMAND_TIMEOUT_MS = 500;

/** Longest wait for a connection, TLS included: milliseconds. One lost SYN is sent again after one second. */
export const CONNECT_TIMEOUT_MS = 2_000;

/** Quiet time before the kernel asks whether the server is still there: milliseconds. Ten unanswered probes end it. */
const KEEP_ALIVE_MS = 10_000;

/** A socket silent for this many command timeouts, with commands waiting, is dead and gets replaced. */
const DEAD_SOCKET_FACTOR = 4;

const PLAIN_PORT = 6379;
const SCHEMES = new Map([
  ['redis:', 'plain'],
  ['valkey:', 'plain'],
  ['rediss:', 'tls'],
  ['valkeys:', 'tls'],
]);

/** What a TLS connection to the server checks and shows. The certificate is always verified. */
export interface ValkeyTls {
  /** Certificate authorities in PEM, in place of the public ones. */
  readonly ca?: string;
  /** Client certificate chain in PEM, for a server that asks for one. */
  readonly certificate?: string;
  readonly privateKey?: Secret;
  /** Name that the certificate must carry; the address's host when absent. */
  readonly serverName?: string;
}

export interface ValkeyOptions {
  /** `rediss://host:port/database`, also `valkeys:`, or in plain `redis:`, `valkey:`. No user name, no password. */
  readonly url: string;
  /** User of the server's access list; its default user when absent. */
  readonly username?: string;
  /** When it changes, connections sign in again and lose neither command nor message (SR-52). */
  readonly password?: LiveSecret;
  /**
   * Only with a `rediss:` or `valkeys:` address. A function gives the material that holds now, and must not throw: it
   * is asked each time a connection is made.
   */
  readonly tls?: ValkeyTls | (() => ValkeyTls);
  /** Stands before every key and channel, so that services can share a server, each confined to its own (SR-50). */
  readonly keyPrefix: string;
  readonly commandTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly logger: StorageLogger;
}

/**
 * The client library's options.
 *
 * @throws {TypeError} when the address is not one, names a user or a password, or does not fit `tls`.
 */
export function toClientOptions(options: ValkeyOptions, delay: ReconnectDelay): RedisOptions {
  const { commandTimeoutMs = COMMAND_TIMEOUT_MS, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  return {
    ...parseAddress(options),
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password.current().expose() }),
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    socketTimeout: commandTimeoutMs * DEAD_SOCKET_FACTOR,
    keepAlive: KEEP_ALIVE_MS,
    // A lost connection fails its commands at once, and none is sent twice: a counter would count twice.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // The library resubscribes with a promise that nobody awaits; ValkeySubscriber does it instead.
    autoResubscribe: false,
    // The check calls INFO, which the service's user may not (SR-50).
    enableReadyCheck: false,
    // Node tries IPv4 and IPv6 together; the library's own alternation would fight it.
    family: 0,
    familyFallback: { enabled: false },
    retryStrategy: () => delay.next(),
    // After a failover the old primary refuses writes: look the name up again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
}

function parseAddress({ url: text, tls }: ValkeyOptions): RedisOptions {
  const url = URL.parse(text);
  const scheme = SCHEMES.get(url?.protocol ?? '');
  if (url === null || scheme === undefined || url.hostname === '') {
    throw new TypeError('url must look like rediss://host:port');
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('url must name no user and no password: pass username and password (SR-51)');
  }
  if (url.search !== '' || url.hash !== '' || !/^(?:\/\d{0,3})?$/.test(url.pathname)) {
    throw new TypeError('url must end with the port, or with the number of a database');
  }
  if (scheme === 'plain' && tls !== undefined) throw new TypeError('tls needs a url that starts with rediss://');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? PLAIN_PORT : Number(url.port),
    db: Number(url.pathname.slice(1)),
    ...(scheme === 'tls' ? { tls: toTlsOptions(tls) } : {}),
  };
}

function toTlsOptions(tls: ValkeyOptions['tls'] = {}): NonNullable<RedisOptions['tls']> {
  const { ca, certificate, privateKey, serverName } = typeof tls === 'function' ? tls() : tls;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(privateKey === undefined ? {} : { key: privateKey.expose() }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  };
}
