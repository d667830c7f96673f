/** The middle of some measurements, and the quartiles around it. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The value below which a share of the measurements lies, between two of them by their distance.
 *
 * @throws {RangeError} without a measurement.
 */
export function quantileOf(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}

/** Median and quartiles. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: quantileOf(values, 0.5), lower: quantileOf(values, 0.25), upper: quantileOf(values, 0.75) };
}

/**
 * The spread of what one variant did to what another did in the same round: rounds differ more than variants on a machine
 * that is not alone.
 *
 * @throws {RangeError} for two lists of rounds that are not as long as each other.
 */
export function ratioSpread(values: readonly number[], base: readonly number[]): Spread {
  if (values.length !== base.length) throw new RangeError('each round has both');
  return spreadOf(values.map((value, round) => value / (base[round] ?? Number.NaN)));
}
