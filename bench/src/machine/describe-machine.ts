import { availableParallelism, cpus, release, totalmem } from 'node:os';
import process from 'node:process';

import type { Machine } from '../results.ts';

/** What a reader needs to place the figures. */
export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: Math.max(cpus().length, availableParallelism()),
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    node: process.versions.node,
  };
}
