/** One request as it goes over the wire, again and again, and what it must be answered. */
export interface Work {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Each request carries an `Idempotency-Key` of its own. */
  readonly uniqueKeys?: true;
  readonly status: number;
  /** The answer as parsed JSON; absent where variants may word it in their own way. */
  readonly answer?: unknown;
}
