import { eventually } from '@redoubt/testing/contracts/eventually';

/** Callers that do the same thing again and again, without a pause, each until a call fails. */
export interface SteadyLoad {
  /** What calls were rejected with. */
  readonly failures: unknown[];
  /** How many calls were answered. */
  answered(): number;
  /** Resolves once there were so many more answers. */
  goOn(answers: number): Promise<void>;
  /** Lets every caller finish its last call. Calling it again changes nothing. */
  stop(): Promise<void>;
}

/** Starts so many callers at once. */
export function startLoad(callers: number, call: () => Promise<unknown>): SteadyLoad {
  const failures: unknown[] = [];
  let answered = 0;
  let state: 'runs' | 'stopped' = 'runs';
  const isRunning = (): boolean => state === 'runs';
  const work = async (): Promise<void> => {
    while (isRunning()) {
      await call();
      answered += 1;
    }
  };
  const note = (error: unknown): void => {
    failures.push(error);
  };
  const workers = Promise.all(Array.from({ length: callers }, () => work().catch(note)));
  return {
    failures,
    answered: () => answered,
    async goOn(answers) {
      const goal = answered + answers;
      await eventually('the callers were answered', () => answered >= goal || failures.length > 0);
    },
    async stop() {
      state = 'stopped';
      await workers;
    },
  };
}
