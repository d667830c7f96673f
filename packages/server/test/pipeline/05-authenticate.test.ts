import { InvalidAccessTokenError } from '@redoubt/auth';
import { SharedStoreUnavailableError } from '@redoubt/storage';
import { describe, expect, it } from 'vitest';

import { principals } from '../support/test-server.ts';
import { createThingsServer } from '../support/things-server.ts';

const ada = { authorization: 'Bearer token-of-ada' };

describe('authentication', () => {
  it('admits who can prove who they are, and logs them', async () => {
    const { app, log } = await createThingsServer();
    expect((await app.inject({ url: '/own', headers: ada })).statusCode).toBe(200);
    await expect
      .poll(() => log.lines().at(-1))
      .toMatchObject({
        userId: principals['token-of-ada']?.userId,
        route: '/own',
        status: 200,
      });
  });

  it('admits who is proven later', async () => {
    const { app } = await createThingsServer({
      authenticator: () => Promise.resolve(principals['token-of-ada']) as never,
    });
    expect((await app.inject({ url: '/own', headers: ada })).statusCode).toBe(200);
  });

  const failing = {
    throws: () => {
      throw new InvalidAccessTokenError('signature');
    },
    rejects: () => Promise.reject(new InvalidAccessTokenError('signature')),
    breaks: () => {
      throw new TypeError('c4n4ry');
    },
    'answers nothing': () => undefined as never,
    'answers nothing later': () => Promise.resolve(undefined) as never,
  };
  for (const [what, authenticator] of Object.entries(failing)) {
    it(`SR-30: an authenticator that ${what} lets nobody in`, async () => {
      const { app } = await createThingsServer({ authenticator });
      const response = await app.inject({ url: '/own', headers: ada });
      expect(response.statusCode).toBe(401);
      expect(response.body).not.toContain('c4n4ry');
    });
  }

  it('SR-30: lets nobody in while revocations cannot be read, and blames no token for it', async () => {
    const { app } = await createThingsServer({
      authenticator: () => Promise.reject(new SharedStoreUnavailableError('c4n4ry')),
    });
    const response = await app.inject({ url: '/own', headers: ada });
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
    expect(response.headers['www-authenticate']).toBeUndefined();
    expect(response.body).not.toContain('c4n4ry');
  });

  it('SR-37: never logs a token that it refuses', async () => {
    const { app, log } = await createThingsServer();
    await app.inject({ url: '/own', headers: { authorization: 'Bearer c4n4ry.c4n4ry.c4n4ry' } });
    expect(log.text()).not.toContain('c4n4ry');
  });

  it('does not read the token of a public route', async () => {
    const { app } = await createThingsServer();
    expect((await app.inject({ url: '/public', headers: { authorization: 'Bearer wrong' } })).statusCode).toBe(200);
  });
});
