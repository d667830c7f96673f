import { VaultFault } from './vault-fault.ts';

/**
 * Waits for what others may wait for, too, as long as the own signal lets it; the work itself goes on.
 *
 * @throws {VaultFault} `timeout`
 */
export async function withinSignal<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  // Not the signal's reason: that is anybody's text.
  const end = (): void => reject(new VaultFault('timeout'));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
