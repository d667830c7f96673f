import type { Buffer } from 'node:buffer';

/** OTLP writes a 64-bit number in JSON as text; some collectors write a number. */
const COUNT = /^\d{1,9}$/;

/**
 * How many of `sent` spans a collector says it did not take (OTLP, partial success). An answer that cannot be read says
 * nothing: what the collector took is its affair.
 */
export function rejectedSpansOf(answer: Buffer, sent: number): number {
  try {
    const { partialSuccess } = JSON.parse(answer.toString()) as { partialSuccess?: { rejectedSpans?: unknown } };
    const count = partialSuccess?.rejectedSpans;
    const isCount = typeof count === 'number' || typeof count === 'string';
    return isCount && COUNT.test(String(count)) ? Math.min(Number(count), sent) : 0;
  } catch {
    // An empty body, or nonsense with a status of success: no span is known to be lost.
    return 0;
  }
}
