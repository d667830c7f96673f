import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';

import { describe, expect, it } from 'vitest';

import { PasswordHashFormatError, PasswordHashingBusyError } from '../../src/errors.ts';
import { deriveKey, type DeriveKey, type DeriveKeyInput } from '../../src/passwords/derive-key.ts';
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts';
import { type NewPassword, parseNewPassword } from '../../src/passwords/password-policy.ts';
import { formatPhcString, parsePhcString } from '../../src/passwords/phc-string.ts';

const randomPassword = (): NewPassword => parseNewPassword(randomBytes(24).toString('base64'));

/** Real argon2id that notes what it was asked to compute. */
function createObservedDerivation() {
  const inputs: DeriveKeyInput[] = [];
  const derive: DeriveKey = (input) => {
    inputs.push(input);
    return deriveKey(input);
  };
  return { inputs, derive };
}

async function storedWith(memoryKib: number, passes: number, password: string): Promise<string> {
  const salt = randomBytes(16);
  const parameters = { memoryKib, passes, parallelism: 1 };
  return formatPhcString({ parameters, salt, tag: await deriveKey({ password, salt, tagBytes: 32, parameters }) });
}

describe('the password hasher', () => {
  it('SR-10: stores argon2id of 19456 KiB, two passes, one lane, with a salt of its own each time', async () => {
    const hasher = createPasswordHasher();
    const password = randomPassword();
    const [first, second] = await Promise.all([hasher.hash(password), hasher.hash(password)]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(second).not.toBe(first);
  });

  it('SR-10: computes what the reference implementation of argon2id does', async () => {
    // argon2id, version 0x13, from the test vectors of P-H-C/phc-winner-argon2 (src/test.c).
    const parameters = { memoryKib: 65_536, passes: 2, parallelism: 1 };
    const tag = await deriveKey({ password: 'password', salt: Buffer.from('somesalt'), tagBytes: 32, parameters });
    expect(tag.toString('hex')).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
  });

  it('tells the right password from a wrong one', async () => {
    const hasher = createPasswordHasher();
    const password = randomPassword();
    const stored = await hasher.hash(password);
    await expect(hasher.verify(stored, password)).resolves.toStrictEqual({ valid: true, needsRehash: false });
    await expect(hasher.verify(stored, randomPassword())).resolves.toStrictEqual({ valid: false, needsRehash: false });
  });

  it('SR-11: every byte counts: the 72nd and the 73rd, case, a space at the end, and the form of an accent', async () => {
    const hasher = createPasswordHasher();
    const base = `Caf\u00E9 ${'x'.repeat(90)}`;
    const stored = await hasher.rehash(base);
    const near = {
      'the 72nd byte': `${base.slice(0, 70)}y${base.slice(71)}`,
      'the 73rd byte': `${base.slice(0, 71)}y${base.slice(72)}`,
      'the last byte': `${base.slice(0, -1)}y`,
      'one byte less': base.slice(0, -1),
      'a space after': `${base} `,
      'another case': base.toLowerCase(),
      'the accent decomposed': base.normalize('NFD'),
      'a NUL and more': `${base}\0more`,
    };
    for (const [name, password] of Object.entries(near)) {
      const { valid } = await hasher.verify(stored, password);
      expect({ [name]: valid }).toStrictEqual({ [name]: false });
    }
    await expect(hasher.verify(stored, base)).resolves.toHaveProperty('valid', true);
  });

  it('SR-10: a right password whose stored hash is weaker is to be hashed again; a stronger one stays', async () => {
    const hasher = createPasswordHasher();
    const password = randomPassword();
    const cases: [string, boolean][] = [
      [await storedWith(8192, 2, password), true],
      [await storedWith(19_456, 1, password), true],
      [await storedWith(24_576, 2, password), false],
      [await storedWith(19_456, 3, password), false],
    ];
    for (const [stored, needsRehash] of cases) {
      await expect(hasher.verify(stored, password)).resolves.toStrictEqual({ valid: true, needsRehash });
      await expect(hasher.verify(stored, randomPassword())).resolves.toStrictEqual({
        valid: false,
        needsRehash: false,
      });
    }
  });

  it('SR-10: after the cost was raised, a sign-in can replace the hash by one of today', async () => {
    const password = randomPassword();
    const stored = await createPasswordHasher().hash(password);
    const raised = createPasswordHasher({ parameters: { memoryKib: 24_576, passes: 2, parallelism: 1 } });
    await expect(raised.verify(stored, password)).resolves.toStrictEqual({ valid: true, needsRehash: true });
    const replaced = await raised.rehash(password);
    expect(parsePhcString(replaced).parameters.memoryKib).toBe(24_576);
    await expect(raised.verify(replaced, password)).resolves.toStrictEqual({ valid: true, needsRehash: false });
  });

  it('SR-14: an unknown account costs the same computation as a known one, and is never valid', async () => {
    const { inputs, derive } = createObservedDerivation();
    const hasher = createPasswordHasher({ derive });
    const password = randomPassword();
    const stored = await hasher.hash(randomPassword());
    inputs.length = 0;
    await hasher.verify(stored, password);
    await expect(hasher.verify(undefined, password)).resolves.toStrictEqual({ valid: false, needsRehash: false });
    const [known, unknown] = inputs.map(({ password, salt, tagBytes, parameters }) => {
      return { password, saltBytes: salt.length, tagBytes, parameters };
    });
    expect(inputs).toHaveLength(2);
    expect(unknown).toStrictEqual(known);
  });

  it('SR-11: a password that no account can have is refused without a computation, for known and unknown alike', async () => {
    const { inputs, derive } = createObservedDerivation();
    const hasher = createPasswordHasher({ derive });
    const stored = await hasher.hash(randomPassword());
    inputs.length = 0;
    for (const password of ['a'.repeat(257), 'a'.repeat(1_048_576), `\uD800${'a'.repeat(20)}`]) {
      await expect(hasher.verify(stored, password)).resolves.toHaveProperty('valid', false);
      await expect(hasher.verify(undefined, password)).resolves.toHaveProperty('valid', false);
      await expect(hasher.rehash(password)).rejects.toThrow(RangeError);
    }
    expect(inputs).toHaveLength(0);
  });

  it('a corrupt stored hash rejects without a computation', async () => {
    const { inputs, derive } = createObservedDerivation();
    const hasher = createPasswordHasher({ derive });
    for (const stored of ['', 'plain text', '$argon2id$v=19$m=4194304,t=99,p=1$c29tZXNhbHRzb21lc2FsdA$AAAA']) {
      await expect(hasher.verify(stored, randomPassword())).rejects.toThrow(PasswordHashFormatError);
    }
    expect(inputs).toHaveLength(0);
  });

  it('SR-40: one more than may wait is refused, whichever method asks, and nothing else is', async () => {
    const gate = Promise.withResolvers<void>();
    let computations = 0;
    const derive: DeriveKey = async ({ tagBytes }) => {
      computations += 1;
      await gate.promise;
      return randomBytes(tagBytes);
    };
    const hasher = createPasswordHasher({ derive, concurrency: 1 });
    const stored = formatPhcString({
      parameters: { memoryKib: 19_456, passes: 2, parallelism: 1 },
      salt: randomBytes(16),
      tag: randomBytes(32),
    });
    const accepted = Array.from({ length: 101 }, () => hasher.verify(undefined, randomPassword()));
    await expect(hasher.verify(undefined, randomPassword())).rejects.toThrow(PasswordHashingBusyError);
    await expect(hasher.verify(stored, randomPassword())).rejects.toHaveProperty('code', 'password_hashing_busy');
    await expect(hasher.hash(randomPassword())).rejects.toThrow(PasswordHashingBusyError);
    await expect(hasher.rehash(randomPassword())).rejects.toThrow(PasswordHashingBusyError);
    expect(computations).toBe(1);
    gate.resolve();
    await expect(Promise.all(accepted)).resolves.toHaveLength(101);
    expect(computations).toBe(101);
  });

  it.each([
    ['the default', undefined, Math.min(3, availableParallelism())],
    ['more than there are cores', 1000, availableParallelism()],
  ])('SR-40: with %s, never more run at once than there are cores', async (_name, concurrency, expected) => {
    const gate = Promise.withResolvers<void>();
    let running = 0;
    const derive: DeriveKey = async ({ tagBytes }) => {
      running += 1;
      await gate.promise;
      return randomBytes(tagBytes);
    };
    const hasher = createPasswordHasher({ derive, ...(concurrency === undefined ? {} : { concurrency }) });
    const all = Array.from({ length: 40 }, () => hasher.verify(undefined, randomPassword()));
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    expect(running).toBe(expected);
    gate.resolve();
    await Promise.all(all);
  });

  it.each([
    { concurrency: 0 },
    { concurrency: 1.5 },
    { queueLimit: 0 },
    { queueLimit: Number.POSITIVE_INFINITY },
    { parameters: { memoryKib: 1024, passes: 1, parallelism: 1 } },
  ])('SR-10, SR-40: refuses to be made with %j', (options) => {
    expect(() => createPasswordHasher(options)).toThrow(RangeError);
  });
});
