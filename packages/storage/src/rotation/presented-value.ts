import type { LiveSecret, RefusalOutcome, Secret } from '@redoubt/secrets';

/** A value that was shown to a server, with the secret that it came from. */
export interface PresentedValue {
  readonly secret: LiveSecret;
  readonly value: Secret;
}

/** Takes what holds now. */
export function present(secret: LiveSecret): PresentedValue {
  return { secret, value: secret.current() };
}

/** Whether another value holds by now. */
export function isOutdated({ secret, value }: PresentedValue): boolean {
  return secret.current().expose() !== value.expose();
}

/**
 * Answers whether there is something else to present in the place of what a server refused (SR-52). What has changed
 * since is known without asking; otherwise the secrets' sources are asked, in their own time.
 */
export async function findReplacement(refused: readonly PresentedValue[]): Promise<RefusalOutcome> {
  if (refused.some(isOutdated)) return 'changed';
  const outcomes = await Promise.all(refused.map(({ secret, value }) => secret.refused(value)));
  return outcomes.includes('changed') ? 'changed' : 'unchanged';
}
