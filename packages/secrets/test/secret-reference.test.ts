import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SecretReferenceErrorCode, parseSecretReference, SecretReferenceError } from '../src/index.ts';
import { secretReferenceErrorCodes } from '../src/secret-reference-error.ts';

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
  ['AWS Secrets Manager', 'scheme-not-available', `aws-sm://${canary}`],
  ['Vault', 'scheme-not-available', `vault://secret/${canary}`],
  ['Azure Key Vault', 'scheme-not-available', `azure-kv://store/${canary}`],
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
    const scheme = fc.constantFrom('', 'file:', 'file://', 'file:///', 'env://', 'vault://', 'x:');
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

  it.each(['env://A', pathToFileURL(resolve('/a')).href])('gives a frozen reference for %s', (text) => {
    expect(Object.isFrozen(parseSecretReference(text))).toBe(true);
  });
});
