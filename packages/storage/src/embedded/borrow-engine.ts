import { Buffer } from 'node:buffer';
import type { Results } from '@electric-sql/pglite';
import type { EmbeddedEngine } from './embedded-engine.ts';
import { type EngineCall, type EngineChannel, isEngineAnswer } from './engine-messages.ts';

type Ask = (call: Omit<EngineCall, 'engineCall'>) => Answer;

interface Answer {
  readonly id: number;
  readonly results: Promise<unknown>;
}

interface Waiting {
  readonly resolve: (results: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a closed engine says; storage knows it as "the database is gone" (SR-30). */
const CLOSED = 'PGlite is closed';

/**
 * The engine of another process, which lends it by {@link lendEngine}: a process that starts anew on every change need
 * not start PostgreSQL each time. Closing it closes nothing over there.
 */
export function borrowEngine(channel: EngineChannel): EmbeddedEngine {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let closed = false;

  channel.onMessage((message) => {
    if (!isEngineAnswer(message)) return;
    const { engineAnswer, fault, results } = message;
    const caller = waiting.get(engineAnswer);
    waiting.delete(engineAnswer);
    if (fault === undefined) caller?.resolve(results);
    else caller?.reject(Object.assign(new Error(fault.message), fault.properties));
  });
  channel.onClose(() => {
    closed = true;
    for (const { reject } of waiting.values()) reject(new Error(CLOSED));
    waiting.clear();
  });

  const ask: Ask = (call) => {
    last += 1;
    const id = last;
    if (closed) return { id, results: Promise.reject(new Error(CLOSED)) };
    const { promise: results, ...settle } = Promise.withResolvers<unknown>();
    waiting.set(id, settle);
    channel.send({ ...call, engineCall: id });
    return { id, results };
  };
  return new BorrowedEngine(ask, {
    isClosed: () => closed,
    close: () => {
      closed = true;
    },
  });
}

class BorrowedEngine implements EmbeddedEngine {
  readonly ready = true;
  readonly waitReady = Promise.resolve();
  readonly #ask: Ask;
  readonly #state: { isClosed(): boolean; close(): void };

  constructor(ask: Ask, state: { isClosed(): boolean; close(): void }) {
    this.#ask = ask;
    this.#state = state;
  }

  get closed(): boolean {
    return this.#state.isClosed();
  }

  close(): Promise<void> {
    this.#state.close();
    return Promise.resolve();
  }

  query: EmbeddedEngine['query'] = (text, parameters) => query(this.#ask, text, parameters);

  transaction: EmbeddedEngine['transaction'] = async (callback) => {
    const { id: transaction, results: begun } = this.#ask({ operation: 'begin' });
    await begun;
    let ended = false;
    const end = async (operation: 'end' | 'rollback'): Promise<void> => {
      if (ended) return;
      ended = true;
      await this.#ask({ operation, transaction }).results;
    };
    try {
      const result = await callback({
        query: (text, parameters) => query(this.#ask, text, parameters, transaction),
        rollback: () => end('rollback'),
      });
      await end('end');
      return result;
    } catch (error) {
      await end('rollback');
      throw error;
    }
  };
}

async function query<Row>(ask: Ask, text: string, parameters: unknown, transaction?: number): Promise<Results<Row>> {
  const call = { operation: 'query', text, parameters: (parameters as readonly unknown[] | undefined) ?? [] } as const;
  const results = (await ask(transaction === undefined ? call : { ...call, transaction }).results) as Results<Row>;
  return { ...results, rows: results.rows.map(withBuffers) };
}

/** A channel may carry a Buffer as the plain array of bytes that is beneath it; columns of bytes are Buffers, as `pg` has them. */
function withBuffers<Row>(row: Row): Row {
  const columns = Object.entries(row as Record<string, unknown>);
  return Object.fromEntries(
    columns.map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value) : value]),
  ) as Row;
}
