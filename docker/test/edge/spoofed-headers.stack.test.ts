import { describe, expect, it } from 'vitest';

import { FORGED_ADDRESS, FORGED_ID, FORGED_TRACE, forgedHeaders } from './support/forged-headers.ts';
import { observe } from './support/observe.ts';
import { askRaw, headerOf, type RawAnswer, type RawRequest } from './support/raw-answer.ts';
import { apiLinesOf, edgeLinesOf } from './support/stack-logs.ts';

/** Refused, and counted by address: nothing of what was asked for is in the answer. */
const PATH = '/api/users/me';

/** Asks, and reads what edge and API have noted of each request. */
async function askAndRead(requests: readonly RawRequest[]) {
  const since = new Date();
  const answers: RawAnswer[] = [];
  for (const request of requests) answers.push(await askRaw({ path: PATH, ...request }));
  const [edge, api] = await Promise.all([edgeLinesOf(answers, since), apiLinesOf(answers, since)]);
  return { answers, edge, api };
}

describe('SR-23, SR-47: what a client says of itself', () => {
  it('changes nothing, whichever of these headers it is', async () => {
    const lies: RawRequest[] = forgedHeaders.map((header) => ({ headers: [header] }));
    const { answers, edge, api } = await askAndRead([{}, ...lies]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    // The first one is honest.
    expect(new Set(edge.map(({ clientAddress }) => clientAddress)).size).toBe(1);
    expect(api.map(({ clientAddress }) => clientAddress)).toEqual(edge.map(({ clientAddress }) => clientAddress));
    expect(new Set(api.map(({ method, route }) => `${method} ${route}`))).toEqual(new Set([`GET ${PATH}`]));
    const texts = JSON.stringify([answers.map(({ headers, body }) => [[...headers], body]), edge, api]);
    for (const trace of [FORGED_TRACE, FORGED_ID, FORGED_ADDRESS]) expect(texts).not.toContain(trace);
    observe(
      'spoofed-headers',
      `${forgedHeaders.length} headers: address, id, trace, route and method are the edge's own`,
    );
  });

  it('changes nothing when it is said twice', async () => {
    const twice = forgedHeaders.map((header) => ({ headers: [header, header] }));
    const { answers, edge, api } = await askAndRead(twice);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(api.map(({ clientAddress }) => clientAddress)).toEqual(edge.map(({ clientAddress }) => clientAddress));
  });

  it('does not give it another budget', async () => {
    const remaining: number[] = [];
    for (let last = 1; last <= 5; last += 1) {
      const address = `203.0.113.${last}`;
      const headers = ['X-Forwarded-For', 'X-Real-IP', 'True-Client-IP'].map((name) => [name, address] as const);
      const answer = await askRaw({ path: PATH, headers: [...headers, ['Forwarded', `for=${address}`]] });
      remaining.push(Number(headerOf(answer, 'ratelimit-remaining')));
    }
    const used = remaining.slice(1).map((each, index) => (remaining[index] ?? 0) - each);
    expect([remaining, used.every((each) => each >= 1)]).toEqual([remaining, true]);
    observe('spoofed-budget', 'five addresses claimed: one budget, used up by all five');
  });

  it('does not name its requests: each gets an id of its own, the same everywhere', async () => {
    const forgedId = { headers: [['X-Request-Id', FORGED_ID]] } as const;
    const { answers, edge, api } = await askAndRead([forgedId, forgedId]);
    const ids = answers.map((answer) => headerOf(answer, 'x-request-id'));
    expect(new Set([...ids, FORGED_ID]).size).toBe(3);
    expect([edge, api].map((lines) => lines.map(({ requestId }) => requestId))).toEqual([ids, ids]);
    observe('spoofed-request-id', 'a new id; the same in the answer, the log of the edge and the log of the API');
  });
});
