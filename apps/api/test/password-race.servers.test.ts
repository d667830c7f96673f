import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createPassword } from './support/journey.ts';
import { createRealDatabase, type RealDatabase } from './support/real-database.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

let real: RealDatabase;
let service: TestApp;

beforeAll(async () => {
  real = await createRealDatabase();
  service = await createTestApp({ database: real.database });
});
afterAll(async () => {
  await service.close();
  await real.drop();
});

const HOUR_MS = 60 * 60_000;

describe('a reset and a change of one password at once', () => {
  it('SR-55, SR-56: end with the password of the reset, and neither waits for the other for ever', async () => {
    for (let round = 0; round < 5; round += 1) {
      const password = createPassword();
      const user = await service.createUser('user', password);
      const { headers } = await service.openSession(user);
      await service.post('/api/auth/password/forgot', { email: user.email });
      const token = /"token":"([\w-]{43})"/.exec((await service.mails()).at(-1)?.text ?? '')?.[1];
      const [own, other] = [createPassword(), createPassword()];
      const [reset, change] = await Promise.all([
        service.post('/api/auth/password/reset', { token, newPassword: own }),
        service.post('/api/auth/password', { currentPassword: password, newPassword: other }, headers),
      ]);
      // Whichever came second finds that what it leans on is gone.
      expect([
        [204, 401],
        [400, 204],
      ]).toContainEqual([reset.statusCode, change.statusCode]);
      const winner = reset.statusCode === 204 ? own : other;
      expect((await service.post('/api/auth/login', { email: user.email, password: winner })).statusCode).toBe(200);
      service.clock.advance(HOUR_MS);
    }
  });
});
