import type { Buffer } from 'node:buffer';
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Secret } from '@redoubt/secrets';

const deriveKey = promisify(pbkdf2);

/** Rounds of PBKDF2: what the server itself uses (its setting `scram_iterations`). The password is random anyway. */
const ITERATIONS = 4_096;

const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Printable ASCII: other characters would have to be normalised first (RFC 5802, section 2.2). */
const PRINTABLE_ASCII = /^[\x21-\x7e]{1,256}$/;

/**
 * Derives what a server stores of a password (RFC 5803), so that the password itself is never part of a statement: a
 * statement is seen by the server's log, its statistics and whoever watches its activity.
 *
 * @throws {TypeError} unless the password is 1 to 256 printable ASCII characters without spaces.
 */
export async function createScramVerifier(password: Secret): Promise<string> {
  if (!PRINTABLE_ASCII.test(password.expose())) {
    throw new TypeError("a database role's password must be 1 to 256 printable ASCII characters without spaces");
  }
  const salt = randomBytes(SALT_BYTES);
  const salted = await deriveKey(password.expose(), salt, ITERATIONS, KEY_BYTES, 'sha256');
  const storedKey = createHash('sha256').update(sign(salted, 'Client Key')).digest('base64');
  const serverKey = sign(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

function sign(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
