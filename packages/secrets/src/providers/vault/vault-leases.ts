import type { SecretLease } from '../secret-provider.ts';
import { type JsonObject, memberOf, textIn, wholeNumberIn } from './vault-answer.ts';
import type { VaultToken } from './vault-token.ts';

const MS_PER_SECOND = 1000;

/** A lease and the token that it hangs on. */
interface HeldLease {
  readonly holder: VaultToken;
  readonly endsAtMs: number;
}

/** Which leases the service was given, and by which token: a lease ends with its token, whatever its own duration. */
export class VaultLeases {
  readonly #held = new Map<string, HeldLease>();

  /**
   * Notes the lease in an answer; undefined where the answer has none (KV version 1 gives a duration without a lease).
   * `token` says whether the one it hangs on will last longer than it does now.
   *
   * @throws {VaultFault} `malformed-answer`
   */
  note(answer: JsonObject, holder: VaultToken, nowMs: number, token: 'renewed' | 'ending'): SecretLease | undefined {
    if (memberOf(answer, 'lease_id') === '') return undefined;
    const id = textIn(answer, 'lease_id');
    const grantedMs = wholeNumberIn(answer, 'lease_duration') * MS_PER_SECOND;
    const tokenMs = holder.remainingMs(nowMs);
    const durationMs = Math.max(0, Math.min(grantedMs, tokenMs));
    this.#forgetEnded(nowMs);
    this.#held.set(id, { holder, endsAtMs: nowMs + durationMs });
    const isFinal = memberOf(answer, 'renewable') !== true || (token === 'ending' && tokenMs <= grantedMs);
    return { id, durationMs, renewal: isFinal ? 'final' : 'renewable' };
  }

  /** The token that a lease hangs on, where this provider was given the lease. */
  holderOf(id: string): VaultToken | undefined {
    return this.#held.get(id)?.holder;
  }

  /** The leases that hang on a token. */
  idsOf(holder: VaultToken): readonly string[] {
    return [...this.#held].filter(([, lease]) => lease.holder === holder).map(([id]) => id);
  }

  #forgetEnded(nowMs: number): void {
    for (const [id, { endsAtMs }] of this.#held) if (endsAtMs <= nowMs) this.#held.delete(id);
  }
}
