import type { SecretErrorCode, SecretScheme } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import type { Answer, Fault } from '../../fault-proxy/fault.ts';
import type { NetworkContract, SourceUnderTest } from '../secret-provider-contract.ts';
import { refused, type SecretProviderSuite } from './suite.ts';

/** A page of a proxy or a load balancer, as they answer in place of the source. */
const PAGE: Answer = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>Bad Gateway</h1>' };

/** Refusals and outages that the source tells of: each is one attempt, one code, and over with its cause. */
export function describeAnswers<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  network: NetworkContract<S, U>,
): void {
  const { throttled, serverError, denied, signInRefused, isRead } = network;
  const faults: readonly (readonly [string, SecretErrorCode, (words: string) => Fault])[] = [
    ['a source that is asked too often', 'throttled', (words) => answering(throttled(words))],
    ['an error of the source', 'unavailable', (words) => answering(serverError(words))],
    ['an error page in its place', 'unavailable', () => answering(PAGE)],
    ['no permission', 'access-denied', (words) => answering(denied(words))],
    ['a cut connection', 'unavailable', () => ({ kind: 'cut' })],
    ['half an answer', 'unavailable', () => ({ kind: 'truncate' })],
  ];

  describe('answers that are none', () => {
    for (const [what, code, faultOf] of faults) {
      it(`SR-51: ${what} is '${code}' after one attempt, shows nothing, and is over when it is over`, async () => {
        const proxy = network.proxy(suite.source);
        const { reference, text, canary } = await suite.store();
        const fault = proxy.inject(faultOf(canary), { when: isRead });
        expect(await suite.refusalOf(suite.read(reference), reference, canary)).toEqual(refused(code));
        expect(fault.hits).toBe(1);
        fault.remove();
        expect(JSON.parse((await suite.read(reference)).text)).toEqual(JSON.parse(text));
      });
    }

    if (signInRefused !== undefined) describeSignIn(suite, network, signInRefused);
  });
}

function describeSignIn<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  network: NetworkContract<S, U>,
  { answer, isMet }: NonNullable<NetworkContract<S, U>['signInRefused']>,
): void {
  it("SR-51: a source that does not accept who the service is is 'sign-in-failed', and shows nothing", async () => {
    const { reference, canary } = await suite.store();
    const source = await suite.contract.open();
    const fault = network.proxy(source).inject(answering(answer(canary)), { when: isMet });
    const outcome = suite.read(reference, undefined, source);
    expect(await suite.refusalOf(outcome, reference, canary)).toEqual(refused('sign-in-failed'));
    expect(fault.hits).toBe(1);
    await source.close();
  });
}

function answering(answer: Answer): Fault {
  return { kind: 'answer', answer };
}
