import { signedIn } from '@redoubt/auth';
import { Type } from '@sinclair/typebox';
import type { RouteOptions } from 'fastify';
import { describe, expect, it } from 'vitest';

import { notLimited, RouteContractError, type ServerOptions } from '../../src/index.ts';
import { createTestServer } from '../support/test-server.ts';

const Answer = Type.Object({ name: Type.String({ maxLength: 10 }) }, { additionalProperties: false });
const sound = { max: 10, windowSeconds: 60, by: 'address', whenStoreIsAway: 'local' } as const;

/** Boots a server with routes of these limits and returns the rules that they break. */
async function boot(
  rateLimits: readonly unknown[],
  change: Partial<RouteOptions> = {},
  options: Partial<ServerOptions> = {},
): Promise<string[]> {
  const { app } = await createTestServer(options);
  for (const [index, rateLimit] of rateLimits.entries()) {
    const route: unknown = {
      method: 'GET',
      url: `/${index}`,
      access: 'public',
      exposeHeadRoute: false,
      schema: { response: { 200: Answer } },
      handler: () => ({ name: 'a' }),
      rateLimit,
      ...change,
    };
    app.route(route as RouteOptions);
  }
  const refused: unknown = await app.ready().then(
    () => undefined,
    (error: unknown) => error,
  );
  await app.close();
  return refused instanceof RouteContractError ? refused.faults.map(({ rule }) => rule) : [];
}

const broken: Record<string, [unknown, RegExp]> = {
  'a text': ['none', /a limit that is none/],
  'no number': [{ ...sound, max: undefined }, /without a number/],
  'a limit of nothing': [{ ...sound, max: 0 }, /without a number/],
  'an endless limit': [{ ...sound, max: Infinity }, /without a number/],
  'a fraction': [{ ...sound, max: 1.5 }, /without a number/],
  'a number as text': [{ ...sound, max: '10' }, /without a number/],
  'no window': [{ ...sound, windowSeconds: 0 }, /without a window/],
  'a window of a month': [{ ...sound, windowSeconds: 2_592_000 }, /without a window/],
  'nobody who is counted': [{ ...sound, by: 'token' }, /whom its limit counts/],
  'callers that nobody knows': [{ ...sound, by: 'caller' }, /callers that it does not know/],
  'a group that is no word': [{ ...sound, group: 'a b' }, /a group that cannot be one/],
  'a group of the server': [{ ...sound, group: 'anonymous' }, /a group that cannot be one/],
  'no word on an outage': [{ ...sound, whenStoreIsAway: undefined }, /while the shared store is away/],
  'no reason': [notLimited(' '), /no limit and no reason/],
};

describe('the limit of a route', () => {
  for (const [what, [rateLimit, rule]] of Object.entries(broken)) {
    it(`SR-22: stops the boot with ${what}`, async () => {
      expect(await boot([rateLimit])).toEqual([expect.stringMatching(rule)]);
    });
  }

  it('SR-22: may be absent, be one, or be none for a reason', async () => {
    expect(await boot([undefined, sound, { ...sound, group: 'a-word' }, notLimited('a test')])).toEqual([]);
    expect(await boot([{ ...sound, by: 'caller' }], { access: signedIn() })).toEqual([]);
  });

  it('SR-22: is one for all routes of a group', async () => {
    const group = 'guessing';
    expect(
      await boot([
        { ...sound, group },
        { ...sound, group },
      ]),
    ).toEqual([]);
    for (const change of [{ max: 11 }, { windowSeconds: 61 }, { whenStoreIsAway: 'refuse' }])
      expect(
        await boot([
          { ...sound, group },
          { ...sound, group, ...change },
        ]),
      ).toEqual([expect.stringMatching(/with another limit/)]);
  });

  it('SR-22, SR-40: cannot be taken from beneath the pipeline', async () => {
    const misplaced: object = { rateLimit: false };
    expect(await boot([undefined], { config: misplaced })).toEqual([expect.stringMatching(/config.rateLimit/)]);
    const config: object = { pressureHandler: () => undefined };
    expect(await boot([undefined], { config })).toEqual([expect.stringMatching(/config.pressureHandler/)]);
  });

  it('SR-22: is not declared in vain', async () => {
    expect(await boot([sound], {}, { rateLimits: 'none' })).toEqual([expect.stringMatching(/counts nothing/)]);
  });
});
