import type { Spread } from '../statistics.ts';

/** A median with its quartiles: `0.71 (0.70–0.73)`. */
export function withSpread({ median, lower, upper }: Spread, digits = 2): string {
  const text = median.toFixed(digits);
  if (lower === upper) return text;
  return `${text} (${lower.toFixed(digits)}–${upper.toFixed(digits)})`;
}

/** A whole number with its thousands apart. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}
