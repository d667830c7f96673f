/** What a lease is on, and how it may be extended. */
export interface LeaseTerms {
  /** Where it was given: `database/creds/app`. */
  readonly path: string;
  /** The token that it ends with. */
  readonly tokenId: string;
  readonly ttlSeconds: number;
  readonly maxTtlSeconds: number;
  /** Ends what the lease is on. */
  readonly revoke: () => Promise<void>;
}

/** A lease that has not ended. */
export interface LeaseEntry extends LeaseTerms {
  readonly id: string;
  readonly issuedAtMs: number;
  endsAtMs: number;
}

const MS_PER_SECOND = 1000;

/** The leases of one namespace. Time passes only through the clock; what has ended is revoked by `settle`. */
export class LeaseStore {
  readonly #now: () => number;
  readonly #entries = new Map<string, LeaseEntry>();
  #last = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  create(terms: LeaseTerms): LeaseEntry {
    this.#last += 1;
    const nowMs = this.#now();
    const endsAtMs = nowMs + terms.ttlSeconds * MS_PER_SECOND;
    const entry = { ...terms, id: `${terms.path}/${this.#last}`, issuedAtMs: nowMs, endsAtMs };
    this.#entries.set(entry.id, entry);
    return entry;
  }

  find(id: string): LeaseEntry | undefined {
    return this.#entries.get(id);
  }

  /** Gives it its time again, up to its greatest age; answers what it has now, in whole seconds. */
  renew(entry: LeaseEntry): number {
    const greatestMs = entry.issuedAtMs + entry.maxTtlSeconds * MS_PER_SECOND;
    entry.endsAtMs = Math.min(this.#now() + entry.ttlSeconds * MS_PER_SECOND, greatestMs);
    return Math.floor((entry.endsAtMs - this.#now()) / MS_PER_SECOND);
  }

  /** The ids below a path, without the path. */
  below(prefix: string): readonly string[] {
    return [...this.#entries.keys()].filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
  }

  async revoke(matches: (entry: LeaseEntry) => boolean): Promise<void> {
    const ended = [...this.#entries.values()].filter(matches);
    for (const { id } of ended) this.#entries.delete(id);
    await Promise.all(ended.map((entry) => entry.revoke()));
  }

  /** Revokes every lease that has ended, by its own time or with its token. */
  async settle(isTokenAlive: (id: string) => boolean): Promise<void> {
    await this.revoke(({ endsAtMs, tokenId }) => endsAtMs <= this.#now() || !isTokenAlive(tokenId));
  }
}
