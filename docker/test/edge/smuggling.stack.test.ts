import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { type Administrator, createAdministrator } from '../support/administrator.ts';
import { EdgeClient } from '../support/edge-client.ts';
import { observe, tally } from './support/observe.ts';
import { askRaw, parseAnswers } from './support/raw-answer.ts';
import { exchange } from './support/raw-exchange.ts';
import { type SmugglingGroup, smugglingForms } from './support/smuggling-forms.ts';
import { apiLines, edgeLines } from './support/stack-logs.ts';

const attacks = {
  'both lengths': 'smuggling-both-lengths',
  'transfer coding': 'smuggling-transfer-coding',
  'content length': 'smuggling-content-length',
  'line ends': 'smuggling-line-ends',
  chunks: 'smuggling-chunks',
  versions: 'smuggling-versions',
} as const satisfies Record<SmugglingGroup, string>;

const PATIENCE = { timeout: 15_000, interval: 200 };

/** What a form of an attack may be answered with: a refusal, or what the API says to a write without a token. */
const HARMLESS = [400, 401, 405, 413, 414, 431, 501, 505];

const NO_ANSWER = 'no answer';

const startedAt = new Date();
let client: EdgeClient;
let victim: Administrator;
beforeAll(async () => {
  client = await EdgeClient.create();
  victim = await createAdministrator(client);
});
afterAll(() => client.close());

describe('SR-26: a request that two readers may take for two', () => {
  it('is tried in more than a hundred forms', () => {
    expect(smugglingForms.length).toBeGreaterThan(100);
  });

  for (const [group, attack] of Object.entries(attacks)) {
    it(`is one request to the API or none, by its ${group}`, async () => {
      const since = new Date();
      const forms = smugglingForms.filter((form) => form.group === group);
      const outcomes: (number | string)[] = [];
      for (const { bytes } of forms) {
        const answers = parseAnswers(await exchange(bytes));
        expect([bytes, answers.length]).toEqual([bytes, expect.toBeOneOf([0, 1])]);
        outcomes.push(answers[0]?.status ?? NO_ANSWER);
        // Whoever comes next gets its own answer.
        const next = await askRaw({ path: '/api/users/me', headers: [['Authorization', victim.authorization]] });
        expect([bytes, next.status, next.body]).toEqual([bytes, 200, expect.stringContaining(victim.email)]);
      }
      for (const outcome of outcomes) expect([...HARMLESS, NO_ANSWER]).toContain(outcome);
      await expectNothingSmuggled(since, forms.length);
      observe(attack, `${forms.length} forms: ${tally(outcomes)}; the API saw nothing that the edge had not sent`);
    });
  }
});

/** Each request that the API saw is one that the edge has sent, and it saw it once. */
async function expectNothingSmuggled(since: Date, victims: number): Promise<void> {
  await vi.waitFor(async () => {
    const seen = (await apiLines(since)).map(({ requestId }) => requestId);
    expect(seen.length).toBeGreaterThanOrEqual(victims);
    expect(new Set(seen).size).toBe(seen.length);
    // The last of what came before may have been logged a moment earlier here than there.
    const sent = new Set((await edgeLines(startedAt)).map(({ requestId }) => requestId));
    expect(seen.filter((id) => !sent.has(id))).toEqual([]);
  }, PATIENCE);
}
