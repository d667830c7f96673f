import { createLogger } from '@redoubt/logging';
import {
  createLogCapture,
  createOtlpReceiver,
  type LogCapture,
  type OtlpReceiver,
  type OtlpReceiverOptions,
} from '@redoubt/testing';

import { createTracing, type LossReason, type Tracing, type TracingOptions } from '../../src/index.ts';

/** Traces with a collector that a test can look into. */
export interface Traced {
  readonly tracing: Tracing;
  readonly receiver: OtlpReceiver;
  readonly log: LogCapture;
  /** The spans that were lost so far, each by its reason. */
  readonly losses: LossReason[];
}

/** Opens traces that are all recorded, unless `options` say otherwise. */
export async function openTraced(
  options: Partial<TracingOptions> = {},
  behaviour: OtlpReceiverOptions = {},
): Promise<Traced> {
  const receiver = await createOtlpReceiver(behaviour);
  const log = createLogCapture();
  const losses: LossReason[] = [];
  const tracing = createTracing({
    service: 'test',
    endpoint: receiver.origin,
    sampleRatio: 1,
    logger: createLogger({ service: 'test', level: 'debug', destination: log.destination }),
    onLost: (spans, reason) => losses.push(...Array<LossReason>(spans).fill(reason)),
    ...options,
  });
  return { tracing, receiver, log, losses };
}
