/** Fewest code points of a password that is the only factor (SR-11; NIST SP 800-63B-4, section 3.1.1). */
export const MIN_PASSWORD_CODE_POINTS = 15;
/** Most code points: far above any pass phrase, and a bound on what is hashed (SR-11). */
export const MAX_PASSWORD_CODE_POINTS = 256;
/** A code point takes one or two UTF-16 units: longer text is refused by its length alone, without being read. */
const MAX_PASSWORD_UNITS = 2 * MAX_PASSWORD_CODE_POINTS;

/** What a new password may break, by stable code; each message is safe to show to the person who chose it. */
export const passwordPolicyFaults = {
  password_too_short: `The password must have at least ${MIN_PASSWORD_CODE_POINTS} characters.`,
  password_too_long: `The password must have at most ${MAX_PASSWORD_CODE_POINTS} characters.`,
  password_not_text: 'The password must be well-formed Unicode text.',
} as const;

/** A stable name of one rule of the policy. */
export type PasswordPolicyCode = keyof typeof passwordPolicyFaults;

/** A new password breaks the policy (SR-11). */
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
 * @throws {PasswordPolicyError} with the code of the rule broken; never the password.
 */
export function parseNewPassword(text: string): NewPassword {
  if (isTooLong(text)) throw new PasswordPolicyError('password_too_long');
  if (!text.isWellFormed()) throw new PasswordPolicyError('password_not_text');
  if (countCodePoints(text) < MIN_PASSWORD_CODE_POINTS) throw new PasswordPolicyError('password_too_short');
  return text as NewPassword;
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
