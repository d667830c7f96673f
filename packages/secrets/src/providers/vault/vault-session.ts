import { type Clock, createSignIn, grantIn, type SignIn } from './sign-in.ts';
import { objectIn } from './vault-answer.ts';
import type { VaultClient } from './vault-client.ts';
import { isFault, VaultFault } from './vault-fault.ts';
import type { VaultAuth } from './vault-source-options.ts';
import type { VaultToken } from './vault-token.ts';
import { withinSignal } from './within-signal.ts';

/** Longest time for a sign-in with all that belongs to it: 5 s, half of what a start waits for its first secret. */
const SIGN_IN_TIMEOUT_MS = 5000;

/**
 * Who the service is to the server: a token that is renewed, or replaced by a new sign-in, when it is used and due. At
 * most one renewal or sign-in is under way, whoever waits for it.
 */
export class VaultSession {
  readonly #client: VaultClient;
  readonly #signIn: SignIn;
  readonly #now: Clock;
  /** Replaced ones that have not ended: leases hang on them. */
  readonly #predecessors = new Set<VaultToken>();
  #current: VaultToken | undefined;
  #change: Promise<VaultToken> | undefined;
  #isClosed = false;

  constructor(client: VaultClient, auth: VaultAuth, now: Clock) {
    this.#client = client;
    this.#signIn = createSignIn(client, auth, now);
    this.#now = now;
  }

  /**
   * A token that has not ended. One that is due is given while it is renewed or replaced: a source that signs nobody in
   * for a while still answers who has signed in.
   *
   * @throws {VaultFault}
   */
  async token(signal: AbortSignal): Promise<VaultToken> {
    if (this.#isClosed) throw new VaultFault('unavailable');
    const current = this.#current;
    if (current === undefined || current.remainingMs(this.#now()) <= 0) {
      return withinSignal(this.#begin(), signal);
    }
    // It is begun again with each use; who comes after the end of the token is told why it failed.
    if (current.isDue(this.#now())) this.#begin().catch(() => undefined);
    return current;
  }

  /**
   * The token to hang a lease on: the one that is being renewed or signed in for, or else the given one.
   *
   * @throws {VaultFault} `timeout`
   */
  async lasting(token: VaultToken, signal: AbortSignal): Promise<VaultToken> {
    const change = this.#change?.catch(() => token);
    return change === undefined ? token : withinSignal(change, signal);
  }

  /**
   * The token to try again with after one was refused; undefined when the server still knows that one, which then may
   * not do what it was used for. Only a token that is gone is replaced: what hangs on the others would end with them.
   *
   * @throws {VaultFault}
   */
  async successorOf(refused: VaultToken, signal: AbortSignal): Promise<VaultToken | undefined> {
    if (this.#current === refused && (await this.knows(refused, signal))) return undefined;
    if (this.#current === refused) this.#current = undefined;
    return this.token(signal);
  }

  /**
   * Whether a token is alive. Needs the server's `default` policy, as renewing and revoking does.
   *
   * @throws {VaultFault}
   */
  async knows(token: VaultToken, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#client.send({ method: 'GET', path: 'auth/token/lookup-self', token: token.value }, signal);
      return true;
    } catch (error) {
      if (isFault(error, 'access-denied', 'not-found')) return false;
      throw error;
    }
  }

  /** Whether a token is the one in use, which is renewed; its predecessors come to their end. */
  isCurrent(token: VaultToken): boolean {
    return token === this.#current;
  }

  /** Signs out: no token is given any more. What is left are the tokens to give back. */
  async end(): Promise<readonly VaultToken[]> {
    this.#isClosed = true;
    // Its waiters are told why it failed.
    await this.#change?.catch(() => undefined);
    const held = [...this.#predecessors, ...(this.#current === undefined ? [] : [this.#current])];
    this.#predecessors.clear();
    this.#current = undefined;
    return held.filter((token) => token.remainingMs(this.#now()) > 0);
  }

  #begin(): Promise<VaultToken> {
    this.#change ??= this.#refresh().finally(() => {
      this.#change = undefined;
    });
    return this.#change;
  }

  async #refresh(): Promise<VaultToken> {
    const current = this.#current;
    const signal = AbortSignal.timeout(SIGN_IN_TIMEOUT_MS);
    const isRenewable = current?.isRenewable === true && current.remainingMs(this.#now()) > 0;
    if (isRenewable && (await this.#renew(current, signal))) return current;
    return this.#replace(current, await this.#signIn(signal));
  }

  /** Whether the token lasts again; not, when the server has forgotten it, or gives it no more than its end. */
  async #renew(token: VaultToken, signal: AbortSignal): Promise<boolean> {
    const askedAtMs = this.#now();
    try {
      const request = { method: 'POST', path: 'auth/token/renew-self', token: token.value } as const;
      token.extend(grantIn(objectIn(await this.#client.send(request, signal), 'auth')), askedAtMs);
    } catch (error) {
      if (isFault(error, 'access-denied', 'not-found')) return false;
      throw error;
    }
    return !token.isDue(askedAtMs);
  }

  #replace(former: VaultToken | undefined, successor: VaultToken): VaultToken {
    for (const token of this.#predecessors) {
      if (token.remainingMs(this.#now()) <= 0) this.#predecessors.delete(token);
    }
    if (former !== undefined) this.#predecessors.add(former);
    this.#current = successor;
    return successor;
  }
}
