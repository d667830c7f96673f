import { describe, expect, it } from 'vitest';

import { createTestServer } from './support/test-server.ts';

describe('the listener', () => {
  it('SR-39: gives a client 10 s for its headers and 15 s for its request, and looks every second', async () => {
    const { app } = await createTestServer();
    expect(app.server).toMatchObject({
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 1000,
    });
  });
});
