import type { SecretReading, SecretScheme } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import type { SourceUnderTest } from '../secret-provider-contract.ts';
import type { SecretProviderSuite } from './suite.ts';

/** Any date of today's, in seconds, is before it. */
const RECENTLY_MS = Date.UTC(2020, 0, 1);

/** Versions that follow each other while reads are under way (SR-52). */
export function describeRotation<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
): void {
  describe('versions', () => {
    it('SR-52: gives a new version as soon as there is one', async () => {
      const first = await suite.store();
      await suite.read(first.reference);
      const second = await suite.store(first.name);
      expect(JSON.parse((await suite.read(first.reference)).text)).toEqual(JSON.parse(second.text));
    });

    it('SR-52: gives the whole old or the whole new version while the secret changes', async () => {
      const { texts, old, changed } = await readWhileItChanges(suite);
      expect(new Set([old, changed, ...texts])).toEqual(new Set([old, changed]));
      expect(texts.at(-1)).toBe(changed);
    });

    if (suite.contract.versions === 'told') describeNames(suite);
    if (suite.contract.creationTimes === 'told') describeTimes(suite);
  });
}

function describeNames<S extends SecretScheme, U extends SourceUnderTest<S>>(suite: SecretProviderSuite<S, U>): void {
  it('SR-52: names the same version the same each time, and another one otherwise', async () => {
    const first = await suite.store();
    const { version } = await suite.read(first.reference);
    expect(version).toMatch(/./);
    expect((await suite.read(first.reference)).version).toBe(version);
    await suite.store(first.name);
    expect((await suite.read(first.reference)).version).not.toBe(version);
  });

  it('SR-52: gives each text its own name while the secret changes', async () => {
    const { readings } = await readWhileItChanges(suite);
    const texts = new Set(readings.map(({ text }) => text));
    const versions = new Set(readings.map((reading) => reading.version));
    const pairs = new Set(readings.map((reading) => `${reading.version} ${reading.text}`));
    expect([versions.size, pairs.size]).toEqual([texts.size, texts.size]);
  });
}

function describeTimes<S extends SecretScheme, U extends SourceUnderTest<S>>(suite: SecretProviderSuite<S, U>): void {
  it('tells when the version was made, in milliseconds', async () => {
    const { createdAtMs = 0 } = await suite.read((await suite.store()).reference);
    expect(createdAtMs).toBeGreaterThan(RECENTLY_MS);
    expect(Number.isFinite(createdAtMs)).toBe(true);
  });
}

interface ReadingsOfAChange {
  readonly readings: readonly SecretReading[];
  /** Their texts, spelt in one way. */
  readonly texts: readonly string[];
  readonly old: string;
  readonly changed: string;
}

/** Reads a document many times while a new version of it is stored, and once more when it is. */
async function readWhileItChanges<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
): Promise<ReadingsOfAChange> {
  const first = await suite.store();
  const reads = Array.from({ length: 15 }, () => suite.read(first.reference));
  const [second, ...during] = await Promise.all([suite.store(first.name), ...reads]);
  const readings = [...during, await suite.read(first.reference)];
  const texts = readings.map(({ text }) => JSON.stringify(JSON.parse(text)));
  return { readings, texts, old: first.text, changed: second.text };
}
