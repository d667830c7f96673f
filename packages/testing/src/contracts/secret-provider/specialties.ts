import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { SecretScheme } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import type { SecretProviderContract, SourceUnderTest } from '../secret-provider-contract.ts';
import { documentWith, refused, type SecretProviderSuite } from './suite.ts';

type Member<
  S extends SecretScheme,
  U extends SourceUnderTest<S>,
  Name extends keyof SecretProviderContract<S, U>,
> = NonNullable<SecretProviderContract<S, U>[Name]>;

/** What some sources have and others have not: each has the cases of what it has. */
export function describeSpecialties<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
): void {
  const { storeBinary, deny, storePending, storeLeased } = suite.contract;
  describe('what the source has', () => {
    it('is what its provider offers', () => {
      expect(suite.source.provider.readPending === undefined).toBe(storePending === undefined);
      expect(suite.source.provider.renew === undefined).toBe(storeLeased === undefined);
    });
    if (storeBinary !== undefined) describeBinary(suite, storeBinary);
    if (deny !== undefined) describeDenial(suite, deny);
    if (storePending !== undefined) describePending(suite, storePending);
    if (storeLeased !== undefined) describeLeases(suite, storeLeased);
  });
}

function describeBinary<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  storeBinary: Member<S, U, 'storeBinary'>,
): void {
  it('SR-51: refuses bytes that are no text', async () => {
    const canary = suite.createCanary();
    const bytes = Buffer.concat([Buffer.from(documentWith(canary)), Buffer.from([0xff, 0xfe, 0x00])]);
    const reference = await storeBinary(suite.source, `contract-${randomUUID()}`, bytes);
    expect(await suite.refusalOf(suite.read(reference), reference, canary)).toEqual(refused('not-text'));
  });
}

function describeDenial<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  deny: Member<S, U, 'deny'>,
): void {
  it('SR-51: is refused a document that the service may not read', async () => {
    const { reference, canary } = await suite.store();
    const source = await suite.contract.open();
    await suite.read(reference, undefined, source);
    await deny(source, reference);
    const outcome = suite.read(reference, undefined, source);
    expect(await suite.refusalOf(outcome, reference, canary)).toEqual(refused('access-denied'));
    await source.close();
  });
}

function describePending<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  storePending: Member<S, U, 'storePending'>,
): void {
  const options = { signal: new AbortController().signal };

  it('SR-52: has no pending version where no rotation is under way', async () => {
    const { reference } = await suite.store();
    expect(await suite.source.provider.readPending?.(reference, options)).toBeUndefined();
  });

  it('SR-52: reads the pending version apart from the current one', async () => {
    const { reference, text } = await suite.store();
    const pendingText = documentWith(suite.createCanary());
    await storePending(suite.source, reference, pendingText);
    const pending = await suite.source.provider.readPending?.(reference, options);
    const current = await suite.read(reference);
    expect([JSON.parse(pending?.text ?? ''), JSON.parse(current.text)]).toEqual([
      JSON.parse(pendingText),
      JSON.parse(text),
    ]);
    expect(pending?.version).not.toBe(current.version);
  });

  it('SR-51: has no pending version of a document that does not exist: it says so', async () => {
    const reference = suite.contract.absent(suite.source, `contract-${randomUUID()}`);
    const outcome = Promise.resolve(suite.source.provider.readPending?.(reference, options));
    expect(await suite.refusalOf(outcome, reference, suite.createCanary())).toEqual(refused('not-found'));
  });
}

function describeLeases<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  storeLeased: Member<S, U, 'storeLeased'>,
): void {
  it('SR-52: tells for how long a value is granted, and extends it', async () => {
    const reference = await storeLeased(suite.source, `contract-${randomUUID()}`);
    const { lease } = await suite.read(reference);
    expect(lease).toMatchObject({ renewal: 'renewable' });
    if (lease === undefined) return;
    expect(lease.durationMs).toBeGreaterThan(0);
    const { signal } = new AbortController();
    const renewed = await suite.source.provider.renew?.(reference, lease, { signal });
    expect(renewed?.id).toBe(lease.id);
    expect(renewed?.durationMs).toBeGreaterThan(0);
  });
}
