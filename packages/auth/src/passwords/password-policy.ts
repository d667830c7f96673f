import { commonPasswords } from './common-passwords.ts';
import { estimateGuesses } from './guess-estimate.ts';
import { contextWords, type PasswordContext } from './password-context.ts';

/** Fewest code points of a password that is the only factor (SR-11; NIST SP 800-63B-4, section 3.1.1). */
export const MIN_PASSWORD_CODE_POINTS = 15;
/** Most code points: far above any pass phrase, and a bound on what is hashed (SR-11). */
export const MAX_PASSWORD_CODE_POINTS = 256;
/** A code point takes one or two UTF-16 units: longer text is refused by its length alone, without being read. */
const MAX_PASSWORD_UNITS = 2 * MAX_PASSWORD_CODE_POINTS;

/**
 * Guesses that a new password must withstand, as a decimal logarithm (SR-12): two listed passwords in a row never do,
 * fifteen characters that nothing explains do by far. An attacker with a stolen hash and a hundred cores needs four
 * months for so many computations.
 */
const MIN_GUESSES_LOG10 = 10;

/** What a new password may break, by stable code; each message is safe to show to the person who chose it. */
export const passwordPolicyFaults = {
  password_too_short: `The password must have at least ${MIN_PASSWORD_CODE_POINTS} characters.`,
  password_too_long: `The password must have at most ${MAX_PASSWORD_CODE_POINTS} characters.`,
  password_not_text: 'The password must be well-formed Unicode text.',
  password_too_common: 'The password is too common, or made of common words, runs or repetitions.',
  password_too_personal: 'The password must not be made of the e-mail address or the name of the service.',
} as const;

/** A stable name of one rule of the policy. */
export type PasswordPolicyCode = keyof typeof passwordPolicyFaults;

/** A new password breaks the policy (SR-11, SR-12). */
export class PasswordPolicyError extends Error {
  override readonly name = 'PasswordPolicyError';
  readonly code: PasswordPolicyCode;

  constructor(code: PasswordPolicyCode) {
    super(passwordPolicyFaults[code]);
    this.code = code;
  }
}

declare const newPassword: unique symbol;

/** A password that passed the policy and may be hashed. Only {@link parseNewPassword} makes one. */
export type NewPassword = string & { readonly [newPassword]: true };

/**
 * Turns a chosen password into one that may be stored. Any Unicode text of 15 to 256 code points passes: there are no
 * composition rules (SR-11). The text is kept exactly as received, without trimming, case folding or Unicode
 * normalisation (OWASP ASVS 5.0, 6.2.8), so two spellings of one character are two passwords.
 *
 * Refused as well is what an attacker tries early (SR-12): listed passwords, alone, repeated, padded or two in a row,
 * keyboard runs, and what the context tells of the person and the service.
 *
 * @throws {PasswordPolicyError} with the code of the rule broken; never the password.
 */
export function parseNewPassword(text: string, context: PasswordContext = {}): NewPassword {
  if (isTooLong(text)) throw new PasswordPolicyError('password_too_long');
  if (!text.isWellFormed()) throw new PasswordPolicyError('password_not_text');
  if (countCodePoints(text) < MIN_PASSWORD_CODE_POINTS) throw new PasswordPolicyError('password_too_short');
  assertUncommon(text, context);
  return text as NewPassword;
}

function assertUncommon(text: string, context: PasswordContext): void {
  const common = commonPasswords();
  if (estimateGuesses(text, common) < MIN_GUESSES_LOG10) throw new PasswordPolicyError('password_too_common');
  const personal = contextWords(context);
  if (personal.length === 0) return;
  if (estimateGuesses(text, common, personal) < MIN_GUESSES_LOG10)
    throw new PasswordPolicyError('password_too_personal');
}

/**
 * Answers whether a presented password can be that of any account. What cannot be is not hashed: a megabyte costs
 * nothing, and a lone surrogate, which UTF-8 cannot say, never equals the text that replaces it.
 */
export function isHashable(password: string): boolean {
  return !isTooLong(password) && password.isWellFormed();
}

function isTooLong(text: string): boolean {
  return text.length > MAX_PASSWORD_UNITS || countCodePoints(text) > MAX_PASSWORD_CODE_POINTS;
}

/** NIST SP 800-63B-4, section 3.1.1: each code point counts as one character. */
function countCodePoints(text: string): number {
  return Array.from(text).length;
}
