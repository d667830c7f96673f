import type { SecretOutcome, SecretReader } from '@redoubt/config';
import type { SecretStore } from '@redoubt/secrets';

import { referenceIn } from '../secrets/secret-declarations.ts';
import type { WatchedSecrets } from '../secrets/watch-secrets.ts';

/**
 * Makes what the self-check reads secrets with in a service that watches them already: it judges the very values that
 * serve, and no source is asked twice, which would be another lease of credentials.
 */
export function createWatchedReader(
  settings: object,
  names: readonly string[],
  { secrets, failures }: WatchedSecrets,
  store: Pick<SecretStore, 'statuses'>,
): SecretReader {
  return (reference) => {
    const name = names.find((setting) => referenceIn(settings, setting) === reference);
    const error = name === undefined ? undefined : failures.get(name);
    const secret = name === undefined ? undefined : secrets[name];
    if (error !== undefined) return Promise.resolve({ error });
    if (secret === undefined)
      return Promise.reject(new TypeError('the self-check asks for a secret that nobody watches'));
    const status = store.statuses().find((each) => each.name === name);
    const outcome: SecretOutcome = {
      material: secret.current(),
      createdAtMs: status?.createdAtMs,
      tenure: status?.lease === undefined ? 'kept' : 'leased',
      form: 'usable',
    };
    return Promise.resolve(outcome);
  };
}
