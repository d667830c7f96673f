import { randomBytes, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { EdgeClient } from './support/edge-client.ts';
import { compose, succeeded } from './support/stack.ts';

const PATIENCE = { timeout: 30_000, interval: 200 };

let client: EdgeClient;
beforeAll(async () => {
  client = await EdgeClient.create();
});
afterAll(() => client.close());

/** The token of the newest mail to the address, as a person reads it: `docker compose logs mail`. */
async function tokenFor(email: string): Promise<string> {
  const { stdout } = succeeded(await compose('logs', '--no-log-prefix', 'mail'));
  const [, mail = ''] = stdout.split(`to <${email}>`);
  return /"token":"([^"]+)"/.exec(mail)?.[1] ?? '';
}

describe('the mails of the local stack', () => {
  it('SR-56: are in the log of the sink, with what confirms an address, once', async () => {
    const email = `reader-${randomUUID()}@mail.example`;
    const password = randomBytes(18).toString('base64url');
    expect((await client.post('/api/auth/register', { email, password })).status).toBe(202);
    const token = await vi.waitFor(async () => {
      const found = await tokenFor(email);
      expect(found).not.toBe('');
      return found;
    }, PATIENCE);
    expect((await client.post('/api/auth/login', { email, password })).status).toBe(401);
    expect((await client.post('/api/auth/confirm', { token, password })).status).toBe(204);
    expect((await client.post('/api/auth/login', { email, password })).status).toBe(200);
    expect((await client.post('/api/auth/confirm', { token, password })).status).toBe(400);
  });
});
