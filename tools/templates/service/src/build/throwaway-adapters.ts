import { Buffer } from 'node:buffer';

import type { Adapters } from '../dependencies.ts';

/** What the build makes the service from, to see its schemas, and tests that call nobody: an api that answers by itself. */
export function throwawayAdapters(): Promise<Adapters> {
  const body = Buffer.from(JSON.stringify({ serviceId: 'spiffe://redoubt.internal/sample-service' }));
  const close = () => Promise.resolve();
  return Promise.resolve({
    api: {
      origin: 'https://api.example',
      client: { request: () => Promise.resolve({ status: 200, headers: new Map(), body }), close },
      close,
    },
  });
}
