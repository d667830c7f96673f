import { describe, expect, it } from 'vitest';

import { EDGE_HTTP_PORT, EDGE_PORT } from '../support/stack.ts';
import { headerFaults } from './support/golden-headers.ts';
import { observe } from './support/observe.ts';
import { problemFaults } from './support/problem-faults.ts';
import { askRaw, headerOf, type RawRequest } from './support/raw-answer.ts';
import { exchange } from './support/raw-exchange.ts';
import { edgeLineOf } from './support/stack-logs.ts';

const PLAIN = { port: EDGE_HTTP_PORT, transport: 'plain' } as const;
/** A promise over plain HTTP would be void (RFC 6797, section 7.2). */
const WITHOUT_PROMISE = { 'strict-transport-security': undefined };

/** What has gone over the network in clear. */
const exposed: Record<string, RawRequest> = {
  'a token': { headers: [['Authorization', 'Bearer a']] },
  'a cookie': { headers: [['Cookie', '__Host-refresh=a']] },
  'a body': { method: 'POST', path: '/api/auth/login', body: '{}' },
  PUT: { method: 'PUT' },
  PATCH: { method: 'PATCH' },
  DELETE: { method: 'DELETE' },
  OPTIONS: { method: 'OPTIONS' },
};

describe('SR-27: the port without TLS', () => {
  it('sends a reader to the other one, under a fixed name', async () => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await askRaw({ ...PLAIN, method, path: '/api/users?a=%0d%0aSet-Cookie:x' });
      expect(answer.status).toBe(301);
      expect(headerOf(answer, 'location')).toBe(`https://localhost:${EDGE_PORT}/api/users?a=%0d%0aSet-Cookie:x`);
      expect(headerFaults(answer.headers, WITHOUT_PROMISE)).toEqual([]);
    }
    const doubled = await askRaw({ ...PLAIN, path: '//evil.example/' });
    expect(headerOf(doubled, 'location')).toBe(`https://localhost:${EDGE_PORT}//evil.example/`);
    observe('plain-reader', '301 to the fixed name, no HSTS');
  });

  it('refuses whatever has crossed the network in clear', async () => {
    for (const [what, request] of Object.entries(exposed)) {
      const answer = await askRaw({ ...request, ...PLAIN });
      const faults = [...headerFaults(answer.headers, WITHOUT_PROMISE), ...problemFaults(answer)];
      expect([what, answer.status, faults]).toEqual([what, 403, []]);
    }
    observe('plain-credentials', `${Object.keys(exposed).length} forms: 403, as a document`);
  });

  it('says nothing to another host', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1'])
      expect(await exchange(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, PLAIN)).toBe('');
    expect(await exchange('GET / HTTP/1.0\r\n\r\n', PLAIN)).toBe('');
    expect(await exchange('GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n', PLAIN)).toBe('');
    observe('plain-foreign-host', 'closed without a byte');
  });

  it('passes nothing on', async () => {
    const since = new Date();
    const answer = await askRaw({ ...PLAIN, path: '/.well-known/jwks.json' });
    expect((await edgeLineOf(answer, since)).upstreamStatus).toBe('');
  });
});
