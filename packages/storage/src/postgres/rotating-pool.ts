import type { Pool, PoolClient } from 'pg';
import { DatabaseUnavailableError } from '../database/database-unavailable-error.ts';
import { codeOf } from '../database/error-code.ts';
import { ACQUIRE_TIMEOUT_MS, SILENT_SERVER_GRACE_MS } from '../database/timeouts.ts';
import { findReplacement, type PresentedValue } from '../rotation/presented-value.ts';
import { within } from '../within.ts';
import type { CredentialedClient } from './credentialed-client.ts';
import { areCurrent, type Credentials, presentedIn, takeCredentials } from './credentials.ts';
import type { PostgresOptions } from './postgres-options.ts';

/** SQLSTATEs of a refused login: invalid_password, and invalid_authorization_specification, for a role that is gone. */
const LOGIN_REFUSED = new Set(['28P01', '28000']);

type Release = PoolClient['release'];

/**
 * A pool whose connections follow its credentials, with nothing lost (SR-52).
 *
 * Once they change, idle connections of older ones are closed, and those in use when they come back. A login that the
 * server refuses is tried once more when the source has other credentials. A connection that is being closed keeps its
 * place until it is gone, for a second at most: a rotation never makes the server see more than the pool's maximum.
 */
export class RotatingPool {
  readonly #pool: Pool<CredentialedClient>;
  readonly #options: PostgresOptions;
  readonly #subscriptions: (() => void)[];
  #newest: Credentials;

  constructor(pool: Pool<CredentialedClient>, options: PostgresOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#newest = takeCredentials(options);
    this.#subscriptions = presentedIn(this.#newest).map(({ secret }) => secret.subscribe(() => this.#changed()));
  }

  /**
   * A connection, from the pool or new.
   *
   * @throws {DatabaseUnavailableError} for every way not to get one.
   */
  async connect(): Promise<PoolClient> {
    try {
      return this.#watch(await this.#connectTwice());
    } catch (error) {
      throw new DatabaseUnavailableError('no connection', { cause: error });
    }
  }

  /** Takes nobody new, waits for those in use, and ends. */
  async end(): Promise<void> {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    await this.#pool.end();
  }

  async #connectTwice(): Promise<CredentialedClient & PoolClient> {
    const presented = presentedIn(takeCredentials(this.#options));
    const startedAtMs = performance.now();
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (!isLoginRefused(error) || presented.length === 0) throw error;
      const { acquireTimeoutMs = ACQUIRE_TIMEOUT_MS } = this.#options;
      // The second attempt has what the first one left of the time: a caller waits no longer than without it (SR-39).
      const second = this.#connectAnew(presented, error);
      const client = await within(acquireTimeoutMs - (performance.now() - startedAtMs), second, undefined);
      if (client !== undefined) return client;
      releaseLater(second);
      throw error;
    }
  }

  async #connectAnew(refused: PresentedValue[], error: unknown): Promise<CredentialedClient & PoolClient> {
    if ((await findReplacement(refused)) === 'unchanged') throw error;
    return this.#pool.connect();
  }

  /** The pool gives a connection another `release` each time it hands it out. */
  #watch(client: CredentialedClient & PoolClient): PoolClient {
    const { release } = client;
    client.release = (destroy) => {
      if (destroy === true || areCurrent(client.credentials)) release(destroy);
      else void retire(client, release);
    };
    return client;
  }

  #changed(): void {
    // A user name and a password that change together are two changes to hear of, and one to act on.
    if (areCurrent(this.#newest)) return;
    this.#newest = takeCredentials(this.#options);
    this.#options.logger?.info({}, 'database credentials changed, older connections are closed');
    for (let idle = this.#pool.idleCount; idle > 0; idle -= 1) void this.#visitIdle();
  }

  /** Takes an idle connection and gives it back, which retires it. */
  async #visitIdle(): Promise<void> {
    try {
      (await this.connect()).release();
    } catch {
      // None is idle any more: who took it gives it back, and meets the same check.
    }
  }
}

function isLoginRefused(error: unknown): boolean {
  return error instanceof Error && LOGIN_REFUSED.has(codeOf(error) ?? '');
}

/** Closes a connection and then gives up its place in the pool; a server that does not let it go is left. */
async function retire(client: CredentialedClient, release: Release): Promise<void> {
  const outcome = await within(SILENT_SERVER_GRACE_MS, client.end(), 'silent');
  // As the pool does when a connection takes too long to be made: it passes the place on when the socket is closed.
  if (outcome === 'silent') client.connection.stream.destroy();
  release(true);
}

/** Gives a connection back that came when nobody waited for it any more. */
function releaseLater(attempt: Promise<PoolClient>): void {
  attempt.then(
    (client) => client.release(),
    () => undefined, // whoever waited was told of the first refusal
  );
}
