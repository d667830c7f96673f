import { createKeyRing, generateSigningKeyPem, importSigningKey } from '@redoubt/auth';

import type { ApiAdapters } from '../app-dependencies.ts';

/** What the build makes the service from, to see its schemas: a key that is forgotten, and a mailer that sends nothing. */
export async function throwawayAdapters(): Promise<ApiAdapters> {
  return {
    keyRing: createKeyRing({ keys: [await importSigningKey(await generateSigningKeyPem())] }),
    mailer: { send: () => Promise.resolve(), close: () => Promise.resolve() },
  };
}
