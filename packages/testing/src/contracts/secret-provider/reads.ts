import { randomUUID } from 'node:crypto';
import {
  createSecretResolver,
  documentOf,
  parseSecretReference,
  type SecretProvider,
  type SecretReference,
  type SecretScheme,
} from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import type { SourceUnderTest } from '../secret-provider-contract.ts';
import { documentWith, refused, type SecretProviderSuite } from './suite.ts';

const VALUES = [
  ' leading and trailing ',
  '"\\\'%s{}\n\r\t',
  'ключ 鍵 🔑 \u2028',
  '-----BEGIN KEY-----\nAA==\n',
  '\u0000',
];

/** Reading what is there, and what is not. */
export function describeReads<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
): void {
  const { contract } = suite;

  describe('reads', () => {
    it('gives the whole document', async () => {
      const { reference, text } = await suite.store();
      expect(JSON.parse((await suite.read(reference)).text)).toEqual(JSON.parse(text));
    });

    for (const value of VALUES) {
      it(`gives ${JSON.stringify(value)} back as it was`, async () => {
        const reference = await contract.store(suite.source, `contract-${randomUUID()}`, documentWith(value));
        expect(JSON.parse((await suite.read(reference)).text)).toEqual(JSON.parse(documentWith(value)));
      });
    }

    it('SR-51: refuses a document that does not exist', async () => {
      const reference = contract.absent(suite.source, `contract-${randomUUID()}`);
      expect(await suite.refusalOf(suite.read(reference), reference, suite.createCanary())).toEqual(
        refused('not-found'),
      );
    });

    it('gives every document its own text when many are read at once', async () => {
      const documents = await Promise.all(Array.from({ length: 10 }, () => suite.store()));
      const thrice = [...documents, ...documents, ...documents];
      const readings = await Promise.all(thrice.map(({ reference }) => suite.read(reference)));
      expect(readings.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
        thrice.map(({ text }) => JSON.parse(text) as unknown),
      );
    });

    it('SR-51: an attempt that was ended before it began is over at once', async () => {
      const { reference, canary } = await suite.store();
      const outcome = suite.read(reference, AbortSignal.abort());
      expect(await suite.refusalOf(outcome, reference, canary)).toEqual(refused('timeout'));
    });

    it('closes twice without complaint', async () => {
      const source = await contract.open();
      await suite.read((await suite.store()).reference, undefined, source);
      await expect(Promise.resolve(source.provider.close?.())).resolves.toBeUndefined();
      await expect(Promise.resolve(source.provider.close?.())).resolves.toBeUndefined();
      await source.close();
    });
  });

  if (contract.fields === 'of the document') describeFields(suite);
}

function describeFields<S extends SecretScheme, U extends SourceUnderTest<S>>(suite: SecretProviderSuite<S, U>): void {
  const resolverOf = (provider: unknown) =>
    createSecretResolver({
      providerOf: <T extends SecretScheme>() => Promise.resolve(provider as SecretProvider<T>),
      close: () => Promise.resolve(),
    });
  const fieldOf = (reference: SecretReference<S>, field: string) =>
    parseSecretReference(`${documentOf(reference)}#${field}`);

  describe('fields', () => {
    it('gives a field of the document', async () => {
      const { reference, canary } = await suite.store();
      const secret = await resolverOf(suite.source.provider).resolve(fieldOf(reference, 'password'));
      expect(secret.expose()).toBe(canary);
    });

    it('SR-51: refuses a field that the document has not', async () => {
      const { reference, canary } = await suite.store();
      const outcome = resolverOf(suite.source.provider).resolve(fieldOf(reference, 'nothing'));
      expect(await suite.refusalOf(outcome, reference, canary)).toEqual(refused('field-missing'));
    });
  });
}
