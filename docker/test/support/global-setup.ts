import { rm } from 'node:fs/promises';

import { readEnvironment } from '@redoubt/config';

import { OBSERVATIONS } from '../edge/support/observe.ts';
import { compose, succeeded } from './stack.ts';

/** Longest wait until every service is healthy, in seconds; the jobs before them included. */
const WAIT_SECONDS = '120';

/** While tests are written: a stack that stands already is taken as it is, and left. */
const REUSE = readEnvironment()['STACK_REUSE'] !== undefined;

/** Builds the images, and starts the stack from nothing. */
export async function setup(): Promise<void> {
  if (REUSE) return;
  // What an earlier run observed is not this one's.
  await rm(OBSERVATIONS, { force: true });
  await teardown();
  succeeded(await compose('build'));
  const started = await compose('up', '--detach', '--wait', '--wait-timeout', WAIT_SECONDS);
  if (started.code === 0) return;
  const { stdout } = await compose('logs', '--no-color', '--tail', '50');
  await teardown();
  throw new Error(`the stack did not start:\n${started.stderr}\n${stdout}`);
}

/** Removes the stack, with its volumes. */
export async function teardown(): Promise<void> {
  if (REUSE) return;
  succeeded(await compose('down', '--volumes', '--remove-orphans', '--timeout', '5'));
}
