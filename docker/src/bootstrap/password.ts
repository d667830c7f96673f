import { randomBytes } from 'node:crypto';

/** As much as SHA-256 keeps of it: nobody guesses it, and a fast hash of it may be stored (SR-50). */
const PASSWORD_BYTES = 32;

const PASSWORD = /^[0-9a-f]{64}$/;

/** Makes a random password, of characters that need no quoting in any configuration, command line or address. */
export function createPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('hex');
}

/** Whether a text is one of these passwords, whole. */
export function isPassword(text: string): boolean {
  return PASSWORD.test(text);
}
