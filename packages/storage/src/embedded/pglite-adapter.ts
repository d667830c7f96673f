import type { PGlite, Results, Transaction } from '@electric-sql/pglite';
import type { PGliteDialectConfig } from 'kysely';

type KyselyPGlite = Exclude<PGliteDialectConfig['pglite'], (...args: never[]) => unknown>;
type KyselyTransaction = Parameters<Parameters<KyselyPGlite['transaction']>[0]>[0];

/**
 * PGlite as Kysely takes it, behaving as `pg` does in three ways.
 *
 * A query without parameters goes over the simple protocol, and may hold several statements, as migrations do. Errors
 * lose the query and its parameters, which PGlite attaches and a log would print (SR-43). Closing gives back the
 * directory.
 */
export class PGliteAdapter implements KyselyPGlite {
  readonly #pglite: PGlite;
  readonly #released: () => Promise<void>;

  constructor(pglite: PGlite, released: () => Promise<void>) {
    this.#pglite = pglite;
    this.#released = released;
  }

  get closed(): boolean {
    return this.#pglite.closed;
  }

  get ready(): boolean {
    return this.#pglite.ready;
  }

  get waitReady(): Promise<void> {
    return this.#pglite.waitReady;
  }

  async close(): Promise<void> {
    await this.#pglite.close();
    await this.#released();
  }

  query<T>(text: string, parameters?: unknown[]): Promise<Results<T>> {
    return run<T>(this.#pglite, text, parameters);
  }

  transaction<T>(callback: (transaction: KyselyTransaction) => Promise<T>): Promise<T> {
    return this.#pglite.transaction((transaction) =>
      callback({
        query: <R>(text: string, parameters?: unknown[]) => run<R>(transaction, text, parameters),
        rollback: () => transaction.rollback(),
      }),
    );
  }
}

async function run<T>(target: PGlite | Transaction, text: string, parameters?: unknown[]): Promise<Results<T>> {
  try {
    if (parameters !== undefined && parameters.length > 0) return await target.query<T>(text, parameters);
    const results = await target.exec(text);
    return (results.at(-1) ?? { rows: [], fields: [] }) as Results<T>;
  } catch (error) {
    throw withoutQuery(error);
  }
}

function withoutQuery(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  for (const property of ['query', 'params', 'queryOptions']) Reflect.deleteProperty(error, property);
  return error;
}
