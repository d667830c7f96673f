import { describe, expect, it } from 'vitest';

import { DEFAULTS_PORT } from '../support/stack.ts';
import { headerFaults } from './support/golden-headers.ts';
import { type Http2Answer, Http2Connection } from './support/http2-client.ts';
import { observe, tally } from './support/observe.ts';
import { problemFaults } from './support/problem-faults.ts';

/** What nginx/templates/conf.d/public.conf.template lets through at once, and how much more is asked for. */
const BURST = 100;
const SIGN_IN_BURST = 20;

/** Asks so often at once, on one connection, as the streams allow. */
async function askOften(count: number, path: string, body?: string): Promise<readonly Http2Answer[]> {
  using connection = await Http2Connection.open(DEFAULTS_PORT);
  const headers = body === undefined ? { ':path': path } : { ':path': path, 'content-type': 'application/json' };
  // Awaited here: the connection ends with this block.
  return await Promise.all(Array.from({ length: count }, () => connection.ask(headers, body)));
}

function expectRefusals(answers: readonly Http2Answer[]): readonly Http2Answer[] {
  const refused = answers.filter(({ status }) => status === 429);
  for (const answer of refused) {
    expect(answer.headers.get('retry-after')).toEqual(['1']);
    expect([...headerFaults(answer.headers), ...problemFaults(answer)]).toEqual([]);
  }
  return refused;
}

describe('SR-22: how often a client may ask the edge, as compose.yaml has it', () => {
  it('is bounded more narrowly for sign-in', async () => {
    const count = 5 * SIGN_IN_BURST;
    const answers = await askOften(count, '/api/auth/login', '{');
    const refused = expectRefusals(answers);
    const passed = answers.filter(({ status }) => status === 400);
    expect(passed.length).toBeGreaterThan(0);
    expect(passed.length).toBeLessThan(2 * SIGN_IN_BURST);
    expect(tally(answers.map(({ status }) => status))).toBe(`${refused.length} × 429, ${passed.length} × 400`);
    expect(passed.length + refused.length).toBe(count);
    observe('rate-sign-in', `${count} at once: fewer than ${2 * SIGN_IN_BURST} pass, the others 429 with Retry-After`);
  });

  it('is bounded; beyond it 429 with Retry-After, as a document', async () => {
    const count = 6 * BURST;
    const answers = await askOften(count, '/nothing');
    const refused = expectRefusals(answers);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404, 429]));
    observe('rate-requests', `${count} at once: 404 for those that pass, the others 429 with Retry-After`);
  });
});
