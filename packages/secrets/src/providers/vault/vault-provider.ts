import { documentOf } from '../../references/format-reference.ts';
import type { SecretReference } from '../../references/secret-reference.ts';
import { SecretError } from '../../secret-error.ts';
import type { ReadOptions, SecretLease, SecretProvider, SecretReading } from '../secret-provider.ts';
import type { Clock } from './sign-in.ts';
import { VaultClient } from './vault-client.ts';
import { plainReading, requestPathOf, versionedReading } from './vault-document.ts';
import { isFault, VaultFault } from './vault-fault.ts';
import { VaultLeases } from './vault-leases.ts';
import { type VaultMount, VaultMounts } from './vault-mounts.ts';
import { VaultSession } from './vault-session.ts';
import type { VaultSourceOptions } from './vault-source-options.ts';
import type { VaultToken } from './vault-token.ts';
import { withinSignal } from './within-signal.ts';

/** How long giving back may take: 2 s, a part of the 8 s that a shutdown has after its listener (SR-38). */
const CLOSE_TIMEOUT_MS = 2000;

/**
 * Reads documents of HashiCorp Vault and OpenBao: KV of both versions, and credentials that an engine makes.
 *
 * Each read of made credentials makes new ones at the server, with a lease of their own: who reads one document at a
 * time, and keeps what it has, makes no more than it needs. An attempt that was ended may have made some, too; they end
 * with the token, or with their lease.
 */
export class VaultProvider implements SecretProvider<'vault'> {
  readonly scheme = 'vault';
  readonly #client: VaultClient;
  readonly #session: VaultSession;
  readonly #mounts: VaultMounts;
  readonly #leases = new VaultLeases();
  readonly #now: Clock;
  #closing: Promise<void> | undefined;

  /** Nothing is read or asked yet. `now` is the time in milliseconds since 1970. */
  constructor(source: VaultSourceOptions, { now = Date.now }: { readonly now?: Clock } = {}) {
    this.#client = new VaultClient(source);
    this.#session = new VaultSession(this.#client, source.auth, now);
    this.#mounts = new VaultMounts(this.#client);
    this.#now = now;
  }

  async read(reference: SecretReference<'vault'>, { signal }: ReadOptions): Promise<SecretReading> {
    return answering(reference, signal, () =>
      this.#withToken(signal, (token) => this.#readAs(token, reference.path, signal)),
    );
  }

  /** Renewed by the token that the lease hangs on, and for as long as that token lasts. */
  async renew(reference: SecretReference<'vault'>, lease: SecretLease, { signal }: ReadOptions): Promise<SecretLease> {
    return answering(reference, signal, async () => {
      // First, because the lease ends with it.
      const token = await this.#session.lasting(await this.#session.token(signal), signal);
      return this.#renewAs(this.#leases.holderOf(lease.id) ?? token, lease, signal);
    });
  }

  /**
   * Revokes the tokens that the service signed in for, and with them every lease; of a batch token, which cannot be
   * revoked, and of a developer's own, the leases alone. Takes 2 s at most, never rejects, and leaves what cannot be
   * reached to its end at the server.
   */
  close(): Promise<void> {
    this.#closing ??= this.#giveBack();
    return this.#closing;
  }

  async #withToken<Result>(signal: AbortSignal, act: (token: VaultToken) => Promise<Result>): Promise<Result> {
    const token = await this.#session.token(signal);
    try {
      return await act(token);
    } catch (error) {
      if (!isFault(error, 'access-denied')) throw error;
      const successor = await this.#session.successorOf(token, signal);
      if (successor === undefined) throw error;
      return act(successor);
    }
  }

  async #readAs(token: VaultToken, path: string, signal: AbortSignal): Promise<SecretReading> {
    const mount = await this.#mounts.find(path, token, signal);
    try {
      return await this.#readBelow(mount, token, path, signal);
    } catch (error) {
      if (isFault(error, 'access-denied', 'not-found')) this.#mounts.forget(mount);
      throw error;
    }
  }

  async #readBelow(mount: VaultMount, token: VaultToken, path: string, signal: AbortSignal): Promise<SecretReading> {
    const request = { method: 'GET', path: requestPathOf(path, mount) } as const;
    if (mount.kind === 'versioned') {
      return versionedReading(await this.#client.send({ ...request, token: token.value }, signal));
    }
    const holder = await this.#session.lasting(token, signal);
    const askedAtMs = this.#now();
    const answer = await this.#client.send({ ...request, token: holder.value }, signal);
    const lease = this.#leases.note(answer, holder, askedAtMs, this.#fateOf(holder));
    return { ...plainReading(answer), ...(lease === undefined ? {} : { lease }) };
  }

  async #renewAs(holder: VaultToken, { id }: SecretLease, signal: AbortSignal): Promise<SecretLease> {
    const askedAtMs = this.#now();
    const body = { lease_id: id };
    try {
      const request = { method: 'POST', path: 'sys/leases/renew', token: holder.value, body } as const;
      const lease = this.#leases.note(
        await this.#client.send(request, signal),
        holder,
        askedAtMs,
        this.#fateOf(holder),
      );
      if (lease === undefined) throw new VaultFault('malformed-answer');
      return lease;
    } catch (error) {
      // With its token, the lease is gone: there is nothing that a right to renew would change.
      if (isFault(error, 'access-denied') && !(await this.#session.knows(holder, signal)))
        throw new VaultFault('not-found');
      throw error;
    }
  }

  #fateOf(token: VaultToken): 'renewed' | 'ending' {
    return this.#session.isCurrent(token) && token.isRenewable ? 'renewed' : 'ending';
  }

  async #giveBack(): Promise<void> {
    const signal = AbortSignal.timeout(CLOSE_TIMEOUT_MS);
    // What cannot be given back in time ends at the server by itself; that the server was away is in its own log.
    await withinSignal(this.#revokeAll(signal), signal).catch(() => undefined);
    await withinSignal(this.#client.close(), signal).catch(() => undefined);
  }

  async #revokeAll(signal: AbortSignal): Promise<void> {
    const tokens = await this.#session.end();
    await Promise.allSettled(tokens.map((token) => this.#revoke(token, signal)));
  }

  async #revoke(token: VaultToken, signal: AbortSignal): Promise<void> {
    if (token.owner === 'service' && (await this.#revokeWhole(token, signal))) return;
    const request = { method: 'POST', path: 'sys/leases/revoke', token: token.value } as const;
    const leases = this.#leases.idsOf(token);
    await Promise.allSettled(leases.map((id) => this.#client.send({ ...request, body: { lease_id: id } }, signal)));
  }

  /** Whether the token is gone, with what hangs on it; a batch token cannot be revoked. */
  async #revokeWhole(token: VaultToken, signal: AbortSignal): Promise<boolean> {
    const request = { method: 'POST', path: 'auth/token/revoke-self', token: token.value } as const;
    return this.#client.send(request, signal).then(
      () => true,
      // What it leaves behind ends at the server by itself.
      () => false,
    );
  }
}

/** Says of which document a fault was, and ends with the caller's signal. */
async function answering<Result>(
  reference: SecretReference<'vault'>,
  signal: AbortSignal,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    if (signal.aborted) throw new VaultFault('timeout');
    return await act();
  } catch (error) {
    if (!(error instanceof VaultFault)) throw error;
    throw new SecretError(error.code, documentOf(reference), error.cause === undefined ? {} : { cause: error.cause });
  }
}
