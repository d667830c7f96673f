import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';

import type { IdGenerator } from '@opentelemetry/sdk-trace';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** Bytes that are drawn at once: a draw for each id would cost more than the rest of a span that is not recorded. */
const POOL_BYTES = 4096;

/**
 * Makes ids of traces and spans from the system's random numbers. The SDK's own come from `Math.random`, whose state can
 * be computed from what it gave: whoever sees some ids would know those of other people's requests.
 */
export function createRandomIds(): IdGenerator {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  const take = (bytes: number): string => {
    if (used + bytes > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytes;
    return pool.toString('hex', used - bytes, used);
  };
  return { generateTraceId: () => take(TRACE_ID_BYTES), generateSpanId: () => take(SPAN_ID_BYTES) };
}
