import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LoneEdge } from './support/lone-edge.ts';
import { observe } from './support/observe.ts';
import { problemFaults } from './support/problem-faults.ts';

/** Another service, as nginx/README.md says that a profile adds one, which is not there. */
const serverProfile = `
  location /other/ {
    limit_req zone=requests burst=100 nodelay;
    include /etc/nginx/conf.d/parts/proxy.conf;
    proxy_pass https://127.0.0.1:9;
  }
  location /refused/ {
    limit_req zone=requests burst=100 nodelay;
    return 502;
  }
`;

/** Longer than what may be tried again (nginx/conf.d/again.conf). */
const LATE_MS = 6000;

let edge: LoneEdge;
beforeAll(async () => {
  edge = await LoneEdge.start({ serverProfile });
});
afterAll(() => edge[Symbol.asyncDispose]());

async function countOf(path: string): Promise<number> {
  return Number((await edge.ask({ path: `/counts?of=${path}` })).body);
}

describe('SR-38: a request that got no answer', () => {
  it('is asked of the list of now, once, when it changes nothing', async () => {
    const answer = await edge.ask({ path: '/close-read' });
    expect([answer.status, problemFaults(answer)]).toEqual([502, []]);
    // On a connection that was kept, nginx itself tries again before.
    expect(await countOf('/close-read')).toBeGreaterThanOrEqual(2);
    expect(await countOf('/close-read')).toBeLessThanOrEqual(3);
  });

  it('is not asked again when it may change something, though the answer was only broken', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await edge.ask({ method, path: `/broken-${method}` });
      expect([method, answer.status]).toEqual([method, 502]);
      expect([method, await countOf(`/broken-${method}`)]).toEqual([method, 1]);
    }
  });

  it('is not asked again when it has taken long, which a second time would double', async () => {
    const answer = await edge.ask({ path: `/close-late?delay=${LATE_MS}` });
    expect([answer.status, problemFaults(answer)]).toEqual([502, []]);
    expect(await countOf('/close-late')).toBe(1);
  });

  it('is not asked of the API when it was for another service', async () => {
    for (const path of ['/other/secret', '/refused/secret']) {
      for (const method of ['GET', 'POST']) {
        const answer = await edge.ask({ method, path, headers: [['Authorization', 'Bearer a']] });
        expect([path, answer.status, problemFaults(answer)]).toEqual([path, 502, []]);
      }
      expect([path, await countOf(path)]).toEqual([path, 0]);
    }
    observe('asked-again', 'reads once; no write, nothing slow, nothing that was for another service');
  });
});
