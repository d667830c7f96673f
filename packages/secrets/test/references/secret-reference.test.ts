import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  documentOf,
  formatReference,
  parseSecretReference,
  type SecretReferenceErrorCode,
  SecretReferenceError,
} from '../../src/index.ts';
import { secretReferenceErrorCodes } from '../../src/references/secret-reference-error.ts';

const canary = randomBytes(16).toString('hex');

/** Each bad reference carries the canary, as a secret pasted in the wrong place would be. */
const badReferences: readonly (readonly [string, SecretReferenceErrorCode, string])[] = [
  ['nothing', 'not-a-reference', ''],
  ['a secret pasted as it is', 'not-a-reference', canary],
  ['a path without a scheme', 'not-a-reference', `/run/secrets/${canary}`],
  ['a Windows path', 'not-a-reference', `C:\\secrets\\${canary}`],
  ['a leading space', 'not-a-reference', ` file:///run/${canary}`],
  ['an unknown scheme', 'unknown-scheme', `https://secrets.example/${canary}`],
  ['a connection string', 'unknown-scheme', `postgres://app:${canary}@db/app`],
  ['a secret with a colon', 'unknown-scheme', `a:${canary}`],
  ['a prototype key as scheme', 'unknown-scheme', `constructor://${canary}`],
  ['an upper-case scheme', 'not-a-reference', `FILE:///run/${canary}`],
  ['AWS without a name', 'missing-name', 'aws-sm://'],
  ['AWS without slashes', 'missing-name', `aws-sm:${canary}`],
  ['AWS with a space', 'invalid-name', `aws-sm://a ${canary}`],
  ['AWS with an encoded character', 'invalid-name', `aws-sm://a%2F${canary}`],
  ['AWS with the ARN of another service', 'invalid-name', `aws-sm://arn:aws:s3:::${canary}`],
  ['AWS with a name of 513 characters', 'invalid-name', `aws-sm://${canary.padEnd(513, 'a')}`],
  ['AWS with a version in a query', 'query-or-fragment', `aws-sm://a?version=${canary}`],
  ['AWS with an empty field', 'invalid-field', `aws-sm://${canary}#`],
  ['AWS with two fields', 'invalid-field', `aws-sm://a#b#${canary}`],
  ['AWS with a field that has a space', 'invalid-field', `aws-sm://a#b ${canary}`],
  ['Vault without a path', 'missing-name', 'vault://'],
  ['Vault without a mount', 'missing-field', `vault://${canary}#password`],
  ['Vault without a field', 'missing-field', `vault://secret/${canary}`],
  ['Vault with a dot segment', 'invalid-name', `vault://secret/../${canary}#password`],
  ['Vault with a doubled slash', 'invalid-name', `vault://secret//${canary}#password`],
  ['Vault with a trailing slash', 'invalid-name', `vault://secret/${canary}/#password`],
  ['Vault with an encoded slash', 'invalid-name', `vault://secret/a%2F${canary}#password`],
  ['Vault with 33 segments', 'invalid-name', `vault://${'a/'.repeat(32)}${canary}#password`],
  ['Vault with a version in a query', 'query-or-fragment', `vault://secret/${canary}?version=1#password`],
  ['Azure without a name', 'missing-name', 'azure-kv://'],
  ['Azure without a secret', 'missing-name', 'azure-kv://store'],
  ['Azure with an empty secret', 'missing-name', 'azure-kv://store/'],
  ['Azure with a version', 'invalid-name', `azure-kv://store/name/${canary}`],
  ['Azure with a domain', 'invalid-name', `azure-kv://store.vault.azure.net/${canary}`],
  ['Azure with a vault in capitals', 'invalid-name', `azure-kv://Store/${canary}`],
  ['Azure with a vault of two dashes in a row', 'invalid-name', `azure-kv://st--ore/${canary}`],
  ['Azure with a vault that ends with a dash', 'invalid-name', `azure-kv://store-/${canary}`],
  ['Azure with a name that has an underscore', 'invalid-name', `azure-kv://store/a_${canary}`],
  ['a missing path', 'missing-path', 'file://'],
  ['a root without a path', 'missing-path', 'file:///'],
  ['a scheme alone', 'missing-path', 'file:'],
  ['a relative path', 'relative-path', `file:${canary}`],
  ['a relative path with a dot', 'relative-path', `file:./${canary}`],
  ['a single slash', 'relative-path', `file:/run/${canary}`],
  ['a host', 'host-not-allowed', `file://${canary}/key`],
  ['localhost', 'host-not-allowed', `file://localhost/${canary}`],
  ['a share of another machine', 'not-canonical', `file:////server/${canary}`],
  ['a query', 'query-or-fragment', `file:///run/${canary}?mode=0400`],
  ['an empty query', 'query-or-fragment', `file:///run/${canary}?`],
  ['a fragment', 'query-or-fragment', `file:///run/${canary}#key`],
  ['a dot segment', 'not-canonical', `file:///run/../${canary}`],
  ['an encoded dot segment', 'not-canonical', `file:///run/%2e%2E/${canary}`],
  ['an encoded slash', 'not-canonical', `file:///run%2F${canary}`],
  ['an encoding that is not UTF-8', 'not-canonical', `file:///run/%ff${canary}`],
  ['a backslash', 'not-canonical', `file:///run\\${canary}`],
  ['a doubled slash', 'not-canonical', `file:///run//${canary}`],
  ['a trailing slash', 'not-canonical', `file:///run/${canary}/`],
  ['a space', 'not-canonical', `file:///run/a ${canary}`],
  ['a line break', 'control-character', `file:///run/${canary}\n`],
  ['an encoded line break', 'control-character', `file:///run/${canary}%0A`],
  ['an encoded NUL', 'control-character', `file:///run/${canary}%00.pem`],
  ['an encoded C1 control', 'control-character', `file:///run/${canary}%c2%9b`],
  ['more than 4096 characters', 'too-long', `file:///${canary}${'a'.repeat(4096)}`],
  ['a missing variable', 'missing-name', 'env://'],
  ['a variable without slashes', 'missing-name', `env:${canary}`],
  ['a variable with a dash', 'invalid-name', `env://A-${canary}`],
  ['a variable that begins with a digit', 'invalid-name', `env://1${canary}`],
  ['a variable with a path', 'invalid-name', `env://A/${canary}`],
  ['a variable with a query', 'query-or-fragment', `env://A?${canary}`],
];

function parseOrFault(text: string): unknown {
  try {
    return parseSecretReference(text);
  } catch (error) {
    return error;
  }
}

describe('parseSecretReference', () => {
  it.each(badReferences)('SR-51: refuses %s as %s, without repeating it', (_what, code, text) => {
    const fault = parseOrFault(text);
    expect(fault).toBeInstanceOf(SecretReferenceError);
    expect(fault).toMatchObject({ code });
    expect(inspect(fault, { showHidden: true })).not.toContain(canary);
  });

  it('SR-51: answers every text with a frozen reference or with a coded error that does not repeat it', () => {
    const scheme = fc.constantFrom(
      '',
      'file:',
      'file://',
      'file:///',
      'env://',
      'aws-sm://',
      'vault://a/',
      'azure-kv://',
      'x:',
    );
    const rest = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'aZ0_/.%2f#?:-'.split('')) }),
    );
    const isSafelyAnswered = fc.property(scheme, rest, (start, end) => {
      const outcome = parseOrFault(`${start}${end}${canary}`);
      if (!(outcome instanceof SecretReferenceError)) return Object.isFrozen(outcome);
      return Object.hasOwn(secretReferenceErrorCodes, outcome.code) && !outcome.message.includes(canary);
    });
    expect(() => fc.assert(isSafelyAnswered)).not.toThrow();
  });

  it('reads a file reference', () => {
    const path = resolve('/run/secrets/signing key?é');
    expect(parseSecretReference(pathToFileURL(path).href)).toEqual({ scheme: 'file', path });
  });

  it('reads an environment reference', () => {
    expect(parseSecretReference('env://_SIGNING_key_2')).toEqual({ scheme: 'env', name: '_SIGNING_key_2' });
  });

  it.each([
    ['aws-sm://prod/database#password', { scheme: 'aws-sm', id: 'prod/database', field: 'password' }],
    ['aws-sm://signing-key', { scheme: 'aws-sm', id: 'signing-key' }],
    [
      'aws-sm://arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/key-AbCdEf',
      { scheme: 'aws-sm', id: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/key-AbCdEf' },
    ],
    [
      'vault://secret/service/database#password',
      { scheme: 'vault', path: 'secret/service/database', field: 'password' },
    ],
    ['azure-kv://store-1/signing-key', { scheme: 'azure-kv', vault: 'store-1', name: 'signing-key' }],
    ['azure-kv://store/db#user', { scheme: 'azure-kv', vault: 'store', name: 'db', field: 'user' }],
  ])('reads %s, and writes it again', (text, parts) => {
    const reference = parseSecretReference(text);
    expect(reference).toEqual(parts);
    expect(formatReference(reference)).toBe(text);
    expect(documentOf(reference)).toBe(text.replace(/#.*/, ''));
  });

  it.each(['env://A', pathToFileURL(resolve('/a')).href])('gives a frozen reference for %s', (text) => {
    expect(Object.isFrozen(parseSecretReference(text))).toBe(true);
  });
});
