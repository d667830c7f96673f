import type { SecretScheme } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../fault-proxy/fault.ts';
import { eventually } from '../eventually.ts';
import type { NetworkContract, SourceUnderTest } from '../secret-provider-contract.ts';
import { refused, type SecretProviderSuite } from './suite.ts';

const SILENCES: readonly (readonly [string, Fault])[] = [
  ['no answer at all', { kind: 'hang' }],
  ['an answer that stops half way', { kind: 'stall' }],
];

/** A source that is away for a while, or silent. */
export function describeOutages<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  network: NetworkContract<S, U>,
): void {
  describe('outages', () => {
    for (const [what, silence] of SILENCES) {
      it(`SR-51: ${what} is 'timeout' when the signal says so, and the socket is freed`, async () => {
        const { reference, text, canary } = await suite.store();
        const fault = network.proxy(suite.source).inject(silence, { when: network.isRead });
        const controller = new AbortController();
        const outcome = suite.read(reference, controller.signal);
        await eventually('the request arrived', () => fault.hits === 1);
        controller.abort(new Error(canary));
        expect(await suite.refusalOf(outcome, reference, canary)).toEqual(refused('timeout'));
        await eventually('the socket is freed', () => fault.abandoned === 1);
        fault.remove();
        expect(JSON.parse((await suite.read(reference)).text)).toEqual(JSON.parse(text));
      });
    }

    it('SR-51: asks nothing for an attempt that was ended before it began', async () => {
      const { reference } = await suite.store();
      const { requests } = network.proxy(suite.source);
      const before = requests.filter(network.isRead).length;
      await suite.read(reference, AbortSignal.abort()).catch(() => undefined);
      expect(requests.filter(network.isRead)).toHaveLength(before);
    });

    it('SR-52: many attempts that were left hanging hold up nobody who comes after them', async () => {
      const { reference, text, canary } = await suite.store();
      const fault = network.proxy(suite.source).inject({ kind: 'hang' }, { when: network.isRead });
      const controller = new AbortController();
      const outcomes = Array.from({ length: 12 }, () => suite.read(reference, controller.signal));
      const refusals = Promise.all(outcomes.map((outcome) => suite.refusalOf(outcome, reference, canary)));
      await eventually('requests arrived', () => fault.hits > 0);
      fault.remove();
      controller.abort();
      expect(await refusals).toEqual(outcomes.map(() => refused('timeout')));
      expect(JSON.parse((await suite.read(reference)).text)).toEqual(JSON.parse(text));
    });

    it('SR-52: an outage after the first read is over when the source is back', async () => {
      const proxy = network.proxy(suite.source);
      const { reference, text, canary } = await suite.store();
      await suite.read(reference);
      const fault = proxy.inject({ kind: 'cut' });
      for (let attempt = 0; attempt < 5; attempt++)
        expect(await suite.refusalOf(suite.read(reference), reference, canary)).toEqual(refused('unavailable'));
      fault.remove();
      expect(JSON.parse((await suite.read(reference)).text)).toEqual(JSON.parse(text));
    });

    it('SR-52: an idle connection that the source ended in between costs no read', async () => {
      const proxy = network.proxy(suite.source);
      const { reference, text } = await suite.store();
      await suite.read(reference);
      proxy.cutConnections();
      await eventually('the connections are ended', () => proxy.connections === 0);
      expect(JSON.parse((await suite.read(reference)).text)).toEqual(JSON.parse(text));
    });

    it('a provider that is closed has no connection left', async () => {
      const source = await suite.contract.open();
      const { reference } = await suite.store();
      await suite.read(reference, undefined, source);
      await source.provider.close?.();
      await eventually('no connection is left', () => network.proxy(source).connections === 0);
      expect(network.proxy(source).connections).toBe(0);
      await source.close();
    });
  });
}
