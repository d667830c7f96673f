import { describe, expect, it, vi } from 'vitest';

import { observe, tally } from './support/observe.ts';
import { askRaw } from './support/raw-answer.ts';
import { exchange } from './support/raw-exchange.ts';
import { edgeLines } from './support/stack-logs.ts';

const CLOSE = 'Connection: close\r\n';

/** Names that a handshake may ask for and that are not ours. */
const foreignNames = ['evil.example', 'localhost.evil.example', 'evil-localhost', 'api', ''];

/** Requests with a name of ours in the handshake and another host, or none, in the request. */
const foreignHosts: Record<string, string> = {
  'another host': `GET / HTTP/1.1\r\nHost: evil.example\r\n${CLOSE}\r\n`,
  'ours as a part of another': `GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n${CLOSE}\r\n`,
  'the name of the upstream': `GET / HTTP/1.1\r\nHost: api:3000\r\n${CLOSE}\r\n`,
  'an address': `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${CLOSE}\r\n`,
  'the other name of the default server': `GET / HTTP/1.1\r\nHost: _\r\n${CLOSE}\r\n`,
  'no host': `GET / HTTP/1.1\r\n${CLOSE}\r\n`,
  'HTTP/1.0 without a host': `GET / HTTP/1.0\r\n\r\n`,
  'HTTP/0.9': 'GET /\r\n',
  'a whole address, ours': `GET https://localhost/ HTTP/1.1\r\nHost: localhost\r\n${CLOSE}\r\n`,
  'a whole address, ours, and another host': `GET https://localhost/ HTTP/1.1\r\nHost: evil.example\r\n${CLOSE}\r\n`,
  'a whole address, another': `GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n${CLOSE}\r\n`,
};

describe('SR-23, SR-27: a name that is not ours', () => {
  it('is refused in the handshake', async () => {
    for (const servername of foreignNames)
      await expect(exchange('', { servername })).rejects.toThrow(/unrecognized.name/i);
    observe('foreign-names', `${foreignNames.length} names, none among them: handshake refused`);
  });

  it('is refused in the request, without a byte, and does not reach the API', async () => {
    const since = new Date();
    for (const [what, bytes] of Object.entries(foreignHosts)) expect([what, await exchange(bytes)]).toEqual([what, '']);
    await vi.waitFor(async () => {
      const lines = await edgeLines(since);
      const refused = lines.filter(({ status }) => status === 444 || status === 400);
      expect(refused.length).toBeGreaterThanOrEqual(Object.keys(foreignHosts).length);
      expect(refused.filter(({ upstreamStatus }) => upstreamStatus !== '')).toEqual([]);
    });
    observe('foreign-hosts', `${Object.keys(foreignHosts).length} forms: closed without a byte`);
  });

  it('is ours whatever its case and its port', async () => {
    const hosts = ['localhost', 'LOCALHOST', 'localhost:8443', 'localhost:1'];
    const answers = await Promise.all(hosts.map((host) => askRaw({ host, path: '/.well-known/security.txt' })));
    expect(tally(answers.map(({ status }) => status))).toBe('4 × 200');
  });
});
