import { type Goal, goals } from './goals.ts';
import type { Results } from './results.ts';

/** How much of a ratio may be lost before somebody has to look: the machine's own noise stays below it. */
const MAX_LOSS = 0.1;

/**
 * What was lost against the committed results, one line for each ratio. Only ratios count: they are of one run on one
 * machine, where seconds and bytes are of whichever machine it was.
 */
export function findLosses(committed: Results, present: Results): readonly string[] {
  return goals
    .filter(({ unit }) => unit === '×')
    .flatMap((goal) => {
      const [before, now] = [goal.reached(committed)?.median, goal.reached(present)?.median];
      if (before === undefined || now === undefined || !isLost(goal, before, now)) return [];
      return [`${goal.name}: ${now.toFixed(2)}, and was ${before.toFixed(2)}`];
    });
}

function isLost({ bound }: Goal, before: number, now: number): boolean {
  return bound === 'at least' ? now < before * (1 - MAX_LOSS) : now > before * (1 + MAX_LOSS);
}
