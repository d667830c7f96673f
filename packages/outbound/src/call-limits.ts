/** How long a call may take, from the look-up to the last byte: 5 s (SR-29). */
export const DEFAULT_DEADLINE_MS = 5000;
/** Largest answer that is read: 1 MiB (SR-29). */
export const DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;
/** No call of a service that answers people takes longer: 5 min. */
const MAX_DEADLINE_MS = 300_000;
/** What is read is held in memory: 64 MiB at most. */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** How long a call may take and how much it may bring. */
export interface CallLimits {
  readonly deadlineMs: number;
  readonly maxResponseBytes: number;
}

/**
 * The limits that hold where some are given and others are not.
 *
 * @throws {RangeError} for one that is no limit.
 */
export function parseCallLimits(given: Partial<CallLimits>, defaults?: CallLimits): CallLimits {
  const {
    deadlineMs = defaults?.deadlineMs ?? DEFAULT_DEADLINE_MS,
    maxResponseBytes = defaults?.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
  } = given;
  assertWithin(deadlineMs, MAX_DEADLINE_MS, 'deadlineMs');
  assertWithin(maxResponseBytes, MAX_RESPONSE_BYTES, 'maxResponseBytes');
  return { deadlineMs, maxResponseBytes };
}

function assertWithin(value: number, max: number, name: string): void {
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new RangeError(`${name} is a number from 1 to ${max}`);
}
