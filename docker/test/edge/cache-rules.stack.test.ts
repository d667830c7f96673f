import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { forgedHeaders, HEADERS_OF_THE_EDGE, namesSent } from './support/forged-headers.ts';
import { headerFaults } from './support/golden-headers.ts';
import { LoneEdge } from './support/lone-edge.ts';
import { observe } from './support/observe.ts';
import { problemFaults } from './support/problem-faults.ts';
import type { RawAnswer, RawRequest } from './support/raw-answer.ts';

const PUBLIC = 'cache-control=public,+max-age%3D60';

let edge: LoneEdge;
beforeAll(async () => {
  edge = await LoneEdge.start();
});
afterAll(() => edge[Symbol.asyncDispose]());

/** An address that nobody has asked for, whose answer has the given headers. */
function fresh(headers: string): string {
  return `/.well-known/${randomUUID()}?${headers}`;
}

/** How often the API was asked for the path of an address. */
async function countOf(address: string): Promise<number> {
  const [path] = address.split('?');
  return Number((await edge.ask({ path: `/counts?of=${path}` })).body);
}

async function askTwice(request: RawRequest): Promise<readonly [RawAnswer, RawAnswer]> {
  return [await edge.ask(request), await edge.ask(request)];
}

/** Answers that look as if they could be kept, and are somebody's. */
const unkept: Record<string, string> = {
  'an answer that says nothing of it': 'x=y',
  'no-store': 'cache-control=no-store',
  private: 'cache-control=private,+max-age%3D60',
  'no-cache': 'cache-control=no-cache',
  'a time of none': 'cache-control=public,+max-age%3D0',
  'a cookie': `${PUBLIC}&set-cookie=session%3Da`,
  'whatever varies it': `${PUBLIC}&vary=*`,
  'a word of the API to nginx alone': 'x-accel-expires=60',
};

/** How many of the sorts below have passed: what did not hold is not noted. */
let held = 0;

describe('SR-34: what the micro-cache keeps', () => {
  for (const [what, headers] of Object.entries(unkept)) {
    it(`is not: ${what}`, async () => {
      const path = fresh(headers);
      await askTwice({ path });
      expect(await countOf(path)).toBe(2);
      held += 1;
    });
  }

  for (const header of [
    ['Authorization', 'Bearer a'],
    ['Cookie', 'a=b'],
  ] as const) {
    it(`is not the answer to somebody with a name, nor does somebody get what is kept: ${header[0]}`, async () => {
      const path = fresh(PUBLIC);
      await askTwice({ path, headers: [header] });
      const anonymous = await edge.ask({ path });
      expect(await edge.cacheOf(anonymous)).toBe('MISS');
      expect(anonymous.body).not.toContain(header[1]);
      await edge.ask({ path, headers: [header] });
      expect(await countOf(path)).toBe(4);
      held += 1;
    });
  }

  it('is not the answer to a cookie or a token of 0, which nginx itself would take for none', async () => {
    for (const name of ['Authorization', 'Cookie']) {
      const path = fresh(PUBLIC);
      await askTwice({ path, headers: [[name, '0']] });
      expect([name, await countOf(path)]).toEqual([name, 2]);
    }
  });

  it('is not outside of the places that have one', async () => {
    const path = `/${randomUUID()}?${PUBLIC}`;
    await askTwice({ path });
    expect(await countOf(path)).toBe(2);
    expect(held).toBe(Object.keys(unkept).length + 2);
    observe('cache-private', `${held + 1} sorts of answers: asked for again each time`);
  });

  it('is what the API calls public, for everybody alike, with the headers of every answer', async () => {
    await vi.waitFor(async () => {
      const path = fresh(`${PUBLIC}&ratelimit-remaining=7&x-request-id=a`);
      const [missed, kept] = await askTwice({ path });
      expect(await edge.cacheOf(kept)).toBe('HIT');
      for (const answer of [missed, kept])
        expect(headerFaults(answer.headers, { 'cache-control': 'public, max-age=60' })).toEqual([]);
      expect([missed, kept].map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual([['7'], undefined]);
    });
  });

  it('holds nothing of what a client says of itself: it is kept, and the next one gets it', async () => {
    await vi.waitFor(async () => {
      const path = fresh(PUBLIC);
      // The stub's answer is what it was sent.
      const poisoned = await edge.ask({ path, headers: forgedHeaders });
      const next = await edge.ask({ path });
      expect([await edge.cacheOf(poisoned), await edge.cacheOf(next)]).toEqual(['MISS', 'HIT']);
      expect(next.body).toBe(poisoned.body);
      expect(namesSent(next)).toEqual(HEADERS_OF_THE_EDGE);
    });
  });

  it('is asked for once by many at the same time', async () => {
    await vi.waitFor(async () => {
      const path = fresh(`${PUBLIC}&delay=300`);
      const answers = await Promise.all(Array.from({ length: 30 }, () => edge.ask({ path })));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(await countOf(path)).toBe(1);
    }, PATIENCE);
    observe('cache-stampede', '30 at once: the API is asked once');
  });

  it('is told apart by the address as it was written', async () => {
    const id = randomUUID();
    for (const path of [
      `/.well-known/${id}/a`,
      `/.well-known/${id}%2fa`,
      `/.well-known/${id}//a`,
      `/.well-known/${id}/./a`,
    ])
      expect([path, await edge.cacheOf(await edge.ask({ path: `${path}?${PUBLIC}` }))]).toEqual([path, 'MISS']);
    observe('cache-spellings', 'four spellings of a path: four answers');
  });

  it('is told apart by what the API says that it varies by', async () => {
    const path = fresh(`${PUBLIC}&vary=Origin`);
    const origins = ['https://one.example', 'https://other.example'];
    for (const origin of origins) {
      const answer = await edge.ask({ path, headers: [['Origin', origin]] });
      expect(answer.body).toContain(origin);
    }
    expect(await countOf(path)).toBe(2);
  });

  it('answers a condition that does not hold with a document, and a part with the whole', async () => {
    await vi.waitFor(async () => {
      const path = fresh(`${PUBLIC}&etag=%22a%22`);
      await edge.ask({ path });
      const failed = await edge.ask({ path, headers: [['If-Match', '"b"']] });
      expect([failed.status, problemFaults(failed), headerFaults(failed.headers)]).toEqual([412, [], []]);
      const unchanged = await edge.ask({ path, headers: [['If-None-Match', '"a"']] });
      expect(unchanged.status).toBe(304);
      const part = await edge.ask({ path, headers: [['Range', 'bytes=0-0']] });
      expect([part.status, part.headers.has('content-range')]).toEqual([200, false]);
    });
  });
});

/** The period of ten seconds may end in the middle of an attempt. */
const PATIENCE = { timeout: 10_000, interval: 100 };
