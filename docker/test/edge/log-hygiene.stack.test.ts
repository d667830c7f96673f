import { createCanary, formsOf } from '@redoubt/testing';
import { describe, expect, it, vi } from 'vitest';

import { observe } from './support/observe.ts';
import { askRaw, headerOf, type RawAnswer, type RawRequest } from './support/raw-answer.ts';
import { exchange } from './support/raw-exchange.ts';
import { apiLinesOf, edgeLines, edgeLinesOf, textsOf } from './support/stack-logs.ts';

const canary = createCanary();

/** A secret in every place where a client may put one, for a request that passes and for each way to be refused. */
const places: readonly RawRequest[] = [
  { path: `/api/users/me?token=${canary}` },
  { path: `/nothing?reset=${canary}#${canary}` },
  { path: `/metrics?token=${canary}` },
  { path: `/.well-known/jwks.json?token=${canary}` },
  { path: '/api/users/me', headers: [['Referer', `https://app.example/reset/${canary}?token=${canary}#${canary}`]] },
  { path: '/api/users/me', headers: [['Referer', `https://user:${canary}@app.example/`]] },
  { path: '/api/users/me', headers: [['Authorization', `Bearer ${canary}`]] },
  { path: '/api/users/me', headers: [['Authorization', `Basic ${btoa(`user:${canary}`)}`]] },
  { path: '/api/users/me', headers: [['Cookie', `__Host-refresh=${canary}`]] },
  { path: '/api/users/me', headers: [['X-Api-Key', canary]] },
  { path: '/api/users/me', headers: [['X-Request-Id', canary.slice(0, 32)]] },
  { path: '/api/users/me', headers: [['Traceparent', `00-${canary.slice(0, 32)}-${canary.slice(0, 16)}-01`]] },
  {
    method: 'POST',
    path: '/api/auth/login',
    headers: [['Content-Type', 'application/json']],
    body: JSON.stringify({ email: 'nobody@mail.example', password: canary }),
  },
  { method: 'PURGE', path: `/?token=${canary}` },
  { path: `/?token=${canary}${'a'.repeat(9000)}` },
  { path: `/?token=${canary}`, headers: [['X', 'a'.repeat(9000)]] },
  { method: 'POST', path: `/?token=${canary}`, headers: [['Transfer-Encoding', canary]], body: '' },
];

/** How many of them reach the API: those with a header or a body, and two with a query. */
const PASSED_ON = 11;

/** Texts that break a line, a quote or a decoder. */
const hostile = [
  '"',
  '\\',
  '\\"',
  '"}\\n{"a":"',
  '\x1b[31m',
  '\x7f',
  '\xff\xfe',
  '\xe2\x80\xa8',
  '$request_uri',
  '%s%n',
  "'",
  '{{a}}',
];

/** Of them, what would end a request line, or make it none. */
const NOT_IN_A_LINE = /[\s\p{Cc}]/gu;

describe('SR-43, SR-44: the logs', () => {
  it('hold no secret that a client has sent, wherever it was', async () => {
    const since = new Date();
    const answers: RawAnswer[] = [];
    for (const request of places) answers.push(await askRaw(request));
    await exchange(`GET /?token=${canary} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
    await exchange(`GET https://localhost/?token=${canary} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const lines = await edgeLinesOf(answers, since);
    // The API writes its lines later: looked at before, its log would be clean whatever it writes.
    const passedOn = answers.filter((_, index) => lines[index]?.upstreamStatus !== '');
    expect(passedOn.length).toBeGreaterThanOrEqual(PASSED_ON);
    expect((await apiLinesOf(passedOn, since)).length).toBe(passedOn.length);
    const texts = await Promise.all(['edge', 'api'].map((service) => textsOf(service, since)));
    const written = texts.flatMap(({ stdout, stderr }) => [stdout, stderr]).join('');
    // The id and the trace are shorter than the whole: the start of the canary would be found, too.
    for (const form of [...formsOf(canary), canary.slice(0, 16)]) expect(written).not.toContain(form);
    for (const { body, headers } of answers)
      expect(JSON.stringify([body, ...headers])).not.toContain(canary.slice(0, 16));
    observe(
      'log-secrets',
      `${places.length + 2} requests with a secret: none in any log of edge and API, none in an answer`,
    );
  });

  it('are one line of JSON for each request, whatever it was', async () => {
    const since = new Date();
    const answers: RawAnswer[] = [];
    for (const text of hostile) {
      answers.push(
        await askRaw({
          path: '/nothing',
          headers: [
            ['User-Agent', text],
            ['Referer', `https://a.example/${text}`],
          ],
        }),
      );
      const bytes = `GET /nothing/${text.replaceAll(NOT_IN_A_LINE, '')} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
      await exchange(bytes);
    }
    await edgeLinesOf(answers, since);
    // Reading them parses each.
    const lines = await edgeLines(since);
    expect(lines.length).toBeGreaterThanOrEqual(2 * hostile.length);
    observe('log-lines', `${2 * hostile.length} hostile paths and agents: one line of JSON each`);
  });

  it('cut what a client can make long', async () => {
    const since = new Date();
    const answer = await askRaw({ path: `/${'a'.repeat(8000)}`, headers: [['User-Agent', 'b'.repeat(4000)]] });
    const [line] = await edgeLinesOf([answer], since);
    expect(JSON.stringify(line).length).toBeLessThan(3000);
  });

  it('of errors say nothing of a request', async () => {
    const since = new Date();
    const answer = await askRaw({ path: '/nothing' });
    await vi.waitFor(async () => expect((await edgeLines(since)).length).toBeGreaterThan(0));
    const { stderr } = await textsOf('edge', new Date(0));
    expect(stderr).not.toMatch(/request:|GET |POST |host:/);
    expect(stderr).not.toContain(headerOf(answer, 'x-request-id'));
  });
});
