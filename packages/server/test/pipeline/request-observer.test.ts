import { describe, expect, it } from 'vitest';

import type { RequestObserver } from '../../src/index.ts';
import { createThingsServer } from '../support/things-server.ts';

/** A server with the names of what its observer was told. */
async function createWatched() {
  const seen: string[] = [];
  const tell = (what: string) => (): void => {
    seen.push(what);
  };
  const observer: RequestObserver = {
    peerRefused: tell('peerRefused'),
    replayed: tell('replayed'),
    denied: tell('denied'),
    granted: tell('granted'),
    invalidInput: tell('invalidInput'),
    extraneous: tell('extraneous'),
    foreignOrigin: (_request, asked) => seen.push(asked),
    notFound: tell('notFound'),
    limited: tell('limited'),
  };
  return { ...(await createThingsServer({ observer })), seen };
}

const ada = { authorization: 'Bearer token-of-ada' };
const bob = { authorization: 'Bearer token-of-bob' };
const preflight = { 'access-control-request-method': 'GET' };

/** One request each, and what is told of it. */
const requests: Record<string, [request: object, told: readonly string[]]> = {
  'a public answer': [{ url: '/public' }, []],
  'a caller without a token': [{ url: '/own' }, []],
  'a caller whom the rule lets in': [{ url: '/read', headers: ada }, ['granted']],
  'a caller whom the rule denies': [{ url: '/read', headers: bob }, ['denied']],
  'an address that no route has': [{ url: '/nowhere' }, ['notFound']],
  "another user's thing": [
    { url: '/owned/018f0000-0000-7000-8000-00000000000b', headers: ada },
    ['denied', 'notFound'],
  ],
  'a query that does not fit': [{ url: '/query?limit=0' }, ['invalidInput']],
  'a number in another spelling': [{ url: '/query?limit=0x10' }, ['invalidInput']],
  'a query that nobody declared': [{ url: '/query?role=admin' }, ['extraneous']],
  'a path that is not in normal form': [{ url: '/public//' }, ['extraneous']],
  'a path that cannot be decoded': [{ url: '/public/%ff' }, ['extraneous']],
  'a foreign page that asks for a public answer': [{ url: '/public', headers: { origin: 'https://evil.example' } }, []],
  'a foreign page with a cookie': [
    { url: '/public', headers: { origin: 'https://evil.example', cookie: 'a=b' } },
    ['credentials'],
  ],
  'a foreign page with a token': [{ url: '/read', headers: { ...ada, origin: 'null' } }, ['credentials', 'granted']],
  'a foreign page with a preflight': [
    { method: 'OPTIONS', url: '/public', headers: { origin: 'https://evil.example', ...preflight } },
    ['preflight'],
  ],
  'an allowed page with a preflight': [
    { method: 'OPTIONS', url: '/public', headers: { origin: 'https://app.example', ...preflight } },
    [],
  ],
  'a page of the service itself': [
    { url: '/public', headers: { origin: 'http://localhost', host: 'localhost', cookie: 'a=b' } },
    [],
  ],
};

describe('the observer of requests', () => {
  for (const [what, [request, told]] of Object.entries(requests)) {
    it(`SR-45: is told of ${what}: ${told.join(', ') || 'nothing'}`, async () => {
      const { app, seen } = await createWatched();
      await app.inject(request);
      expect(seen).toEqual(told);
    });
  }

  it('SR-30: changes no answer when it throws', async () => {
    const broken = (): never => {
      throw new Error('nobody listens');
    };
    const { app, log } = await createThingsServer({
      observer: { granted: broken, notFound: broken, extraneous: broken, invalidInput: broken, foreignOrigin: broken },
    });
    const statuses = [];
    for (const request of [
      { url: '/read', headers: { ...ada, origin: 'null' } },
      { url: '/nowhere' },
      { url: '/query?role=admin' },
      { url: '/query?limit=0' },
    ])
      statuses.push((await app.inject(request)).statusCode);
    expect(statuses).toEqual([200, 404, 400, 400]);
    expect(log.text().match(/could not be reported/g)).toHaveLength(5);
  });
});
