import { describe, expect, it, vi } from 'vitest';

import { containersOf, docker, succeeded } from '../support/stack.ts';
import { LoneEdge } from './support/lone-edge.ts';
import { badCertificates, badPorts } from './support/lone-edge-files.ts';
import { observe } from './support/observe.ts';
import { textsOf } from './support/stack-logs.ts';

/** Longer than the time between two checks. */
const PATIENCE = { timeout: 20_000, interval: 200 };

/** How many of the faults below were seen: what was not is not noted. */
let seen = 0;

/** Every way in which an edge may stand there and serve nobody, and what makes it so. */
const faults: Record<string, () => Promise<LoneEdge>> = {
  ...Object.fromEntries(
    badCertificates.map((certificate) => [`a certificate with ${certificate}`, () => LoneEdge.start({ certificate })]),
  ),
  ...Object.fromEntries(
    Object.entries(badPorts).map(([what, upstreamPort]) => [
      `an API with ${what}`,
      () => LoneEdge.start({ upstreamPort }),
    ]),
  ),
  'no API': async () => {
    const edge = await LoneEdge.start();
    await edge.stopApi();
    return edge;
  },
};

describe('SR-27, SR-28, SR-62: the health check of the edge', () => {
  it('passes when the edge proves its name and the API answers through it', async () => {
    await using edge = await LoneEdge.start();
    expect(await edge.checkHealth()).toBe(0);
  });

  for (const [what, start] of Object.entries(faults)) {
    it(`fails with ${what}`, async () => {
      await using edge = await start();
      expect(await edge.checkHealth()).not.toBe(0);
      seen += 1;
    });
  }

  it('fails in each of these cases', () => {
    expect(seen).toBe(Object.keys(faults).length);
    observe('edge-health', `${seen} faults of certificate and API: not healthy`);
  });

  it('is what says that the edge of the stack is healthy, and asks a replica each time', async () => {
    const [edge = ''] = await containersOf('edge');
    const { stdout } = succeeded(await docker('inspect', '--format', '{{.State.Health.Status}}', edge));
    expect(stdout.trim()).toBe('healthy');
    const since = new Date();
    await vi.waitFor(async () => {
      const lines = (await textsOf('edge', since)).stdout.split('\n').filter((line) => line !== '');
      const own = lines
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
        .find(({ clientAddress }) => clientAddress === '127.0.0.1');
      expect(own).toMatchObject({ status: 200, upstreamStatus: '200', cache: 'BYPASS', protocol: 'HTTP/2.0' });
    }, PATIENCE);
  });
});
