import { Type } from '@sinclair/typebox';

/** An address in the form it is stored and compared in: lower case. */
export type EmailAddress = string & { readonly __brand: 'EmailAddress' };

/** Longest address that mail systems carry (RFC 5321, section 4.5.3.1.3, less the brackets). */
const MAX_EMAIL_LENGTH = 254;

/** An e-mail address as a client sends it. */
export const EmailInput = Type.String({
  format: 'email',
  maxLength: MAX_EMAIL_LENGTH,
  description: 'An e-mail address.',
});

/** Makes an address that passed {@link EmailInput} comparable: one person, one account, whatever the case. */
export function normalizeEmailAddress(text: string): EmailAddress {
  return text.toLowerCase() as EmailAddress;
}
