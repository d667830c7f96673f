import { UsageError } from '@redoubt/service';
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

/** A dotted part of what stands before the `@` (RFC 5322, `atext`). */
const ATOM = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+$/;

/** A label of a host name (RFC 1123). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * Reads an address that comes from no request: the same ones that {@link EmailInput} takes, so that an account that is
 * made with it can sign in.
 *
 * @throws {UsageError} for text that is none; the message does not quote it.
 */
export function parseEmailAddress(text: string): EmailAddress {
  const address = normalizeEmailAddress(text);
  const [local = '', domain = '', ...rest] = address.split('@');
  const labels = domain.split('.');
  const isAddress =
    address.length <= MAX_EMAIL_LENGTH &&
    rest.length === 0 &&
    labels.length > 1 &&
    local.split('.').every((part) => ATOM.test(part)) &&
    labels.every((label) => LABEL.test(label));
  if (!isAddress) throw new UsageError('an e-mail address is expected, such as admin@service.example');
  return address;
}
