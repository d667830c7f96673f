import { describe, expect, it } from 'vitest';

import { observe } from './support/observe.ts';
import { problemFaults } from './support/problem-faults.ts';
import { askRaw, type RawAnswer, type RawRequest } from './support/raw-answer.ts';
import { edgeLineOf } from './support/stack-logs.ts';

const BODY_BYTES = 102_400;
const CREDENTIALS_BYTES = 4096;
const URL_BYTES = 8192;
const JSON_BODY = ['Content-Type', 'application/json'] as const;
const CHUNKED = ['Transfer-Encoding', 'chunked'] as const;

/** Who answered: nginx by itself, or the API. */
async function askWhoAnswers(request: RawRequest): Promise<RawAnswer & { readonly by: 'edge' | 'api' }> {
  const since = new Date();
  const answer = await askRaw(request);
  const { upstreamStatus } = await edgeLineOf(answer, since);
  return { ...answer, by: upstreamStatus === '' ? 'edge' : 'api' };
}

function post(path: string, bytes: number): RawRequest {
  return { method: 'POST', path, headers: [JSON_BODY], body: credentialsOf(bytes) };
}

/** Credentials that nobody has, of exactly so many bytes. */
function credentialsOf(bytes: number): string {
  const empty = JSON.stringify({ email: 'nobody@mail.example', password: '' });
  return empty.replace('""', `"${'a'.repeat(bytes - empty.length)}"`);
}

function chunked(bytes: number): RawRequest {
  const chunk = `${bytes.toString(16)}\r\n${credentialsOf(bytes)}\r\n0\r\n\r\n`;
  return { method: 'POST', path: '/api/users', headers: [JSON_BODY, CHUNKED], body: chunk };
}

/** A request with so many fields in all. */
function withFields(count: number): RawRequest {
  const others = count - 2;
  return {
    path: '/.well-known/security.txt',
    headers: Array.from({ length: others }, (_, index) => [`X-${index}`, 'a']),
  };
}

/** A request with fields of so many bytes in all, in lines of a kilobyte. */
function withHeaderBytes(bytes: number): RawRequest {
  const line = 'a'.repeat(1024 - 'X-10: \r\n'.length);
  const headers = Array.from({ length: Math.floor(bytes / 1024) }, (_, index) => [`X-${10 + index}`, line] as const);
  return { path: '/.well-known/security.txt', headers };
}

describe('SR-21: what is too large', () => {
  it('is a body with one byte more than the edge takes; the API takes the last one that fits', async () => {
    const fits = await askWhoAnswers(post('/api/users', BODY_BYTES));
    expect([fits.status, fits.by]).toEqual([401, 'api']);
    const large = await askWhoAnswers(post('/api/users', BODY_BYTES + 1));
    expect([large.status, large.by, problemFaults(large)]).toEqual([413, 'edge', []]);
    observe('body-length', `${BODY_BYTES} bytes: passed on; one more: 413 at the edge`);
  });

  it('is the same in chunks', async () => {
    const fits = await askWhoAnswers(chunked(BODY_BYTES));
    expect([fits.status, fits.by]).toEqual([401, 'api']);
    const large = await askWhoAnswers(chunked(BODY_BYTES + 1));
    expect([large.status, large.by, problemFaults(large)]).toEqual([413, 'edge', []]);
    observe('body-chunked', `${BODY_BYTES} bytes: passed on; one more: 413 at the edge`);
  });

  it('is a body with one byte more than its route takes', async () => {
    const fits = await askWhoAnswers(post('/api/auth/login', CREDENTIALS_BYTES));
    expect([fits.status, fits.by]).toEqual([400, 'api']);
    const large = await askWhoAnswers(post('/api/auth/login', CREDENTIALS_BYTES + 1));
    expect([large.status, large.by, problemFaults(large)]).toEqual([413, 'api', []]);
    observe('body-of-a-route', `sign-in with ${CREDENTIALS_BYTES} bytes: read; one more: 413 from the API`);
  });

  it('is a URL with one byte more', async () => {
    const pathOf = (bytes: number) => `/${'a'.repeat(bytes - 1)}`;
    const fits = await askWhoAnswers({ path: pathOf(URL_BYTES) });
    expect([fits.status, fits.by]).toEqual([404, 'api']);
    const long = await askWhoAnswers({ path: pathOf(URL_BYTES + 1) });
    expect([long.status, long.by, problemFaults(long)]).toEqual([414, 'edge', []]);
    const query = await askWhoAnswers({ path: `/a?${'a'.repeat(URL_BYTES)}` });
    expect([query.status, query.by]).toEqual([414, 'edge']);
    observe('url-length', `${URL_BYTES} bytes: passed on; one more: 414 at the edge`);
  });

  it('is a request with one field more', async () => {
    const fits = await askWhoAnswers(withFields(60));
    expect([fits.status, fits.by]).toEqual([200, 'api']);
    const many = await askWhoAnswers(withFields(65));
    expect([many.status, many.by, problemFaults(many)]).toEqual([431, 'edge', []]);
    // The edge adds four of its own, and the API counts those too.
    const between = await askWhoAnswers(withFields(64));
    expect([between.status, between.by, problemFaults(between)]).toEqual([431, 'api', []]);
    observe('header-count', '60 fields: passed on; 64: 431 from the API; 65: 431 at the edge');
  });

  it('is what all fields hold together', async () => {
    const fits = await askWhoAnswers(withHeaderBytes(15 * 1024));
    expect([fits.status, fits.by]).toEqual([200, 'api']);
    const large = await askWhoAnswers(withHeaderBytes(18 * 1024));
    expect([large.status, large.by, problemFaults(large)]).toEqual([431, 'edge', []]);
    observe('header-bytes', '15 KiB: passed on; 18 KiB: 431 at the edge');
  });

  it('is a body that is encoded', async () => {
    const answer = await askWhoAnswers({
      ...post('/api/auth/login', 200),
      headers: [JSON_BODY, ['Content-Encoding', 'gzip']],
    });
    expect([answer.status, problemFaults(answer)]).toEqual([415, []]);
    observe('body-encoded', '415 from the API');
  });
});
