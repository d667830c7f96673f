import type { RouteClass } from './fault-promises.ts';
import type { RouteProbes } from './route-probes.ts';

/** 50 requests a second: some of them are always under way. */
const INTERVAL_MS = 20;
/** Longer than any request may take; what is not answered by then is lost. */
const ANSWER_SECONDS = 15;
/** Reads mostly, as clients do, and no sign-in: those are few, and limited, as public reads of one address are. */
const MIX: readonly RouteClass[] = [
  'signed-in read',
  'public read',
  'administrator read',
  'signed-in read',
  'idempotent write',
  'signed-in read',
  'administrator read',
  'signed-in read',
  'signed-in read',
  'administrator read',
  'idempotent write',
  'signed-in read',
];

/** Clients that go on whatever happens. */
export interface Traffic {
  /** Ends it, waits for what is under way, and answers every status with how often it came; `lost` for none. */
  stop(): Promise<ReadonlyMap<string, number>>;
}

/** Starts to ask without pause. */
export function startTraffic(probes: RouteProbes): Traffic {
  const counts = new Map<string, number>();
  const pending: Promise<void>[] = [];
  const ask = async (routes: RouteClass): Promise<void> => {
    const outcome = await probes.ask(routes, ANSWER_SECONDS).then(
      ({ status }) => `${routes}: ${status}`,
      (error: unknown) => `${routes}: lost (${String(error)})`,
    );
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  };
  const timer = setInterval(() => {
    pending.push(ask(MIX[pending.length % MIX.length] ?? 'public read'));
  }, INTERVAL_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(pending);
      return counts;
    },
  };
}
