/** Longest delay that Node's timers keep; they run at once for a longer one (Node.js documentation, `setTimeout`). */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Takes a task back; without effect once it has run. */
export type CancelTimer = () => void;

/** What makes timers: the system's, or one that a test moves by hand. */
export interface Scheduler {
  /** Runs the task once. The process may end before. */
  after(delayMs: number, task: () => void): CancelTimer;
  /** The same, and the process stays alive for it: a start that waits for its secrets has nothing else that holds it. */
  afterHolding(delayMs: number, task: () => void): CancelTimer;
}

/** The system's timers, for delays of any length: a lease of Vault lasts 32 days by default, a timer 24 at most. */
export const systemScheduler: Scheduler = {
  after: (delayMs, task) => startTimer(delayMs, task, (timer) => timer.unref()),
  afterHolding: (delayMs, task) => startTimer(delayMs, task, (timer) => timer.ref()),
};

function startTimer(delayMs: number, task: () => void, bind: (timer: NodeJS.Timeout) => void): CancelTimer {
  let timer: NodeJS.Timeout;
  const arm = (restMs: number): void => {
    const stepMs = Math.min(restMs, MAX_TIMEOUT_MS);
    timer = setTimeout(() => (restMs > stepMs ? arm(restMs - stepMs) : task()), stepMs);
    bind(timer);
  };
  arm(delayMs);
  return () => clearTimeout(timer);
}
