import type { EmbeddedEngine } from './embedded-engine.ts';
import { type EngineAnswer, type EngineCall, type EngineChannel, isEngineCall } from './engine-messages.ts';

type Transaction = Parameters<Parameters<EmbeddedEngine['transaction']>[0]>[0];

interface OpenTransaction {
  readonly target: Transaction;
  /** Ends the engine's transaction, and resolves when that is done. */
  readonly settle: (outcome: 'end' | 'rollback') => Promise<unknown>;
}

/**
 * Lets the other end of the channel work with the engine, as {@link borrowEngine} does there. The engine stays this
 * process's: when the other end goes, what it had begun is rolled back and its role given up, and the next one finds the
 * engine as the first one did. An engine that is still opening is waited for by whoever asks.
 *
 * Resolves when the other end is gone and the engine is clean.
 */
export function lendEngine(lent: EmbeddedEngine | Promise<EmbeddedEngine>, channel: EngineChannel): Promise<void> {
  const transactions = new Map<number, OpenTransaction>();
  channel.onMessage((message) => {
    if (isEngineCall(message)) void answer(message);
  });
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  channel.onClose(resolve);
  return gone.then(async () => {
    await Promise.allSettled([...transactions.values()].map(({ settle }) => settle('rollback')));
    await (await lent).query('discard all', []);
  });

  async function answer(call: EngineCall): Promise<void> {
    const engineAnswer = call.engineCall;
    try {
      channel.send({ engineAnswer, results: await carryOut(call) });
    } catch (error) {
      channel.send({ engineAnswer, fault: faultOf(error) });
    }
  }

  async function carryOut(call: EngineCall): Promise<unknown> {
    const engine = await lent;
    if (call.operation === 'begin') {
      transactions.set(call.engineCall, await begin(engine));
      return undefined;
    }
    if (call.operation === 'query') {
      const target = call.transaction === undefined ? engine : transactionOf(call).target;
      return target.query(call.text ?? '', [...(call.parameters ?? [])], {});
    }
    const transaction = transactionOf(call);
    transactions.delete(call.transaction ?? -1);
    await transaction.settle(call.operation);
    return undefined;
  }

  function transactionOf({ transaction }: EngineCall): OpenTransaction {
    const found = transaction === undefined ? undefined : transactions.get(transaction);
    if (found === undefined) throw new Error('the transaction has ended already');
    return found;
  }
}

/** Rejected with, to have the engine roll back: its transactions know no other way. */
class RolledBack extends Error {}

/** A transaction of the engine is a function's run; here it becomes a beginning and an end. */
function begin(engine: EmbeddedEngine): Promise<OpenTransaction> {
  return new Promise((resolve, reject) => {
    const work = Promise.withResolvers<void>();
    const run = engine.transaction(async (target) => {
      resolve({ target, settle });
      await work.promise;
    });
    // Before it has begun: the engine is closed.
    run.catch(reject);

    function settle(outcome: 'end' | 'rollback'): Promise<unknown> {
      if (outcome === 'end') work.resolve();
      else work.reject(new RolledBack());
      return run.catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error;
      });
    }
  });
}

function faultOf(error: unknown): NonNullable<EngineAnswer['fault']> {
  if (!(error instanceof Error)) return { message: String(error), properties: {} };
  const {
    stack: _stack,
    message,
    ...properties
  } = Object.fromEntries(Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(error, name) as unknown]));
  return { message: String(message), properties };
}
