import { type Direction, directionOf } from './direction.ts';

/** One limit as a table holds it: `10 in 180 s by address of sign-in, refuse`. */
const LIMIT = /^(\d+) in ([\d.]+) s (by .*), (local|refuse)$/;

/** Tells whether callers may ask more often than before, or go on while nobody counts. */
export function compareLimits(before: string, after: string): Direction {
  const [free, nowFree] = [isFree(before), isFree(after)];
  if (free !== nowFree) return nowFree ? 'loosened' : 'tightened';
  const [old, now] = [LIMIT.exec(before), LIMIT.exec(after)];
  // Another count, or several of them at once, is left to a reader.
  if (old === null || now === null || old[3] !== now[3]) return 'changed';
  const rate = (limit: RegExpExecArray): number => Number(limit[1]) / Number(limit[2]);
  const looser =
    Number(now[1]) > Number(old[1]) || rate(now) > rate(old) || (old[4] === 'refuse' && now[4] === 'local');
  const tighter =
    Number(now[1]) < Number(old[1]) || rate(now) < rate(old) || (old[4] === 'local' && now[4] === 'refuse');
  return directionOf(looser, tighter);
}

function isFree(limit: string): boolean {
  return limit.startsWith('not limited');
}
