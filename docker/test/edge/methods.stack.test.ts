import { describe, expect, it } from 'vitest';

import { isShadowed, methodsByPath } from './support/api-routes.ts';
import { observe, tally } from './support/observe.ts';
import { problemFaults } from './support/problem-faults.ts';
import { askRaw, headerOf, type RawAnswer } from './support/raw-answer.ts';

/** What a hop in front of an API may pass on. */
const OFFERED = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What it may not: of HTTP, of its extensions, and of nobody. */
const REFUSED = [
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'MKCOL',
  'MOVE',
  'COPY',
  'LOCK',
  'PURGE',
  'TRACK',
  'DEBUG',
  'QUERY',
  'FOO',
  'GETS',
];

describe('SR-35: methods', () => {
  it('that no route has are refused at the edge, whatever the path', async () => {
    const answers: RawAnswer[] = [];
    for (const method of REFUSED) {
      for (const path of methodsByPath.keys()) {
        const answer = await askRaw({ method, path: method === 'CONNECT' ? 'localhost:443' : path });
        expect([method, answer.status]).toEqual([method, 405]);
        expect(headerOf(answer, 'allow')).toBe(OFFERED.join(', '));
        expect(problemFaults(answer)).toEqual([]);
        answers.push(answer);
      }
    }
    observe(
      'methods-unknown',
      `${REFUSED.length} methods, ${methodsByPath.size} paths: ${tally(answers.map(({ status }) => status))}`,
    );
  });

  it('that a route has not are refused by the API, with those that it has', async () => {
    const answers: RawAnswer[] = [];
    for (const [path, methods] of methodsByPath) {
      const others = OFFERED.filter((each) => !methods.includes(each) && each !== 'OPTIONS' && !isShadowed(each, path));
      for (const method of others) {
        const answer = await askRaw({ method, path });
        expect([method, path, answer.status]).toEqual([method, path, 405]);
        expect(headerOf(answer, 'allow')?.split(', ').toSorted()).toEqual(methods);
        if (method !== 'HEAD') expect(problemFaults(answer)).toEqual([]);
        answers.push(answer);
      }
    }
    observe(
      'methods-of-routes',
      `${methodsByPath.size} paths: ${tally(answers.map(({ status }) => status))}, each with Allow`,
    );
  });
});
