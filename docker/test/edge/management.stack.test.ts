import { describe, expect, it } from 'vitest';

import { observe } from './support/observe.ts';
import { askRaw, type RawAnswer } from './support/raw-answer.ts';
import { edgeLinesOf } from './support/stack-logs.ts';

/** What the management listener has, what a development start has, and what other services keep there. */
const hidden = [
  '/health',
  '/health/live',
  '/health/ready',
  '/metrics',
  '/internal',
  '/internal/x',
  '/docs',
  '/openapi.json',
];

/** Ways to write the same path, for a gate that compares letters. */
const spellings: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => `${path}/`,
  (path) => `${path}?a=b`,
  (path) => `/${path}`,
  (path) => `//${path}`,
  (path) => `/.${path}`,
  (path) => `/x/..${path}`,
  (path) => `/x/%2e%2e${path}`,
  (path) => `/%2e${path}`,
  (path) => path.replace(/[a-z]/, (letter) => `%${(letter.codePointAt(0) ?? 0).toString(16)}`),
  (path) => path.replaceAll(/[a-z]/g, (letter) => `%${(letter.codePointAt(0) ?? 0).toString(16)}`),
  (path) => path.toUpperCase(),
  (path) => `${path}/.`,
  (path) => `${path}/x/..`,
  (path) => `${path}%2f`,
  (path) => `${path}#`,
];

/** And those that are another path to nginx, and have to be one to the API. */
const foreignSpellings: readonly ((path: string) => string)[] = [
  (path) => `/x${path}`,
  (path) => `${path};a=b`,
  (path) => path.replace('/', '/%2568').replace('%2568h', '%2568'),
  (path) => `${path}%00`,
  (path) => `${path}.json`,
  (path) => `\\${path}`,
  (path) => `/..;${path}`,
];

/** How many of the paths below have passed: what did not hold is not noted. */
let held = 0;

describe('SR-60: what only the inside of the network may see', () => {
  for (const path of hidden) {
    it(`does not reach the API through the edge, however it is spelled: ${path}`, async () => {
      const since = new Date();
      const answers: RawAnswer[] = [];
      for (const spell of spellings) {
        const answer = await askRaw({ path: spell(path) });
        expect([spell(path), answer.status]).toEqual([spell(path), 404]);
        answers.push(answer);
      }
      const lines = await edgeLinesOf(answers, since);
      expect(lines.filter(({ upstreamStatus }) => upstreamStatus !== '')).toEqual([]);
      held += 1;
    });

    it(`is nothing to the API's own listener, where the spelling is another path: ${path}`, async () => {
      for (const spell of foreignSpellings) {
        const { status, body } = await askRaw({ path: spell(path) });
        expect([spell(path), status]).toEqual([spell(path), expect.toBeOneOf([400, 404])]);
        expect(body).toContain('urn:problem-type:');
      }
    });
  }

  it('is so in all of these forms', () => {
    expect(held).toBe(hidden.length);
    const forms = hidden.length * spellings.length;
    observe(
      'management-paths',
      `${hidden.length} paths in ${spellings.length} spellings (${forms} forms): 404 at the edge`,
    );
  });
});
