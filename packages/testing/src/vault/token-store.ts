import { randomUUID } from 'node:crypto';

/** How a token is made. */
export interface TokenTerms {
  readonly policies: readonly string[];
  readonly ttlSeconds: number;
  /** 0: as often as it likes, a token can be renewed. */
  readonly maxTtlSeconds: number;
  /** A batch token is neither renewed nor revoked (Concepts, Tokens, "Batch tokens"). */
  readonly type: 'service' | 'batch';
  /** Where it was given: `auth/approle/login`. */
  readonly path: string;
}

/** A token that lives. */
export interface TokenEntry extends TokenTerms {
  readonly id: string;
  readonly issuedAtMs: number;
  /** Infinity: the root token. */
  endsAtMs: number;
}

const MS_PER_SECOND = 1000;

/** The tokens of one namespace. Time passes only through the clock. */
export class TokenStore {
  readonly #now: () => number;
  readonly #entries = new Map<string, TokenEntry>();

  constructor(now: () => number) {
    this.#now = now;
  }

  create(terms: TokenTerms): TokenEntry {
    const nowMs = this.#now();
    const endsAtMs = terms.ttlSeconds === 0 ? Infinity : nowMs + terms.ttlSeconds * MS_PER_SECOND;
    const entry = { ...terms, id: `s.${randomUUID()}`, issuedAtMs: nowMs, endsAtMs };
    this.#entries.set(entry.id, entry);
    return entry;
  }

  /** Takes a token that was made elsewhere: the root token, which every namespace knows. */
  adopt(entry: TokenEntry): void {
    this.#entries.set(entry.id, entry);
  }

  find(id: string | undefined): TokenEntry | undefined {
    const entry = id === undefined ? undefined : this.#entries.get(id);
    return entry !== undefined && entry.endsAtMs > this.#now() ? entry : undefined;
  }

  /** Gives it its time again, up to its greatest age. */
  renew(entry: TokenEntry): void {
    const greatestMs = entry.maxTtlSeconds === 0 ? Infinity : entry.issuedAtMs + entry.maxTtlSeconds * MS_PER_SECOND;
    entry.endsAtMs = Math.min(this.#now() + entry.ttlSeconds * MS_PER_SECOND, greatestMs);
  }

  revoke(id: string): void {
    this.#entries.delete(id);
  }

  /** What is left of a token's time, in whole seconds as the API tells it; 0: it does not end. */
  remainingSeconds({ endsAtMs }: TokenEntry): number {
    return endsAtMs === Infinity ? 0 : Math.floor((endsAtMs - this.#now()) / MS_PER_SECOND);
  }

  /** Every token that has not ended and was given below a path. */
  below(prefix: string): readonly TokenEntry[] {
    return [...this.#entries.values()].filter(
      ({ path, endsAtMs }) => path.startsWith(prefix) && endsAtMs > this.#now(),
    );
  }
}
