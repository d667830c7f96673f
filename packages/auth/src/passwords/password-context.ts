/** What an attacker knows of the person and the service, and tries first (SR-12; NIST SP 800-63B-4, section 3.1.1.2). */
export interface PasswordContext {
  /** The address of the account: its local part and the labels of its domain are no part of a password's strength. */
  readonly email?: string;
  /** Names of the service and of the organisation, and host names. */
  readonly words?: readonly string[];
}

/** Shorter words are parts of other words by chance. */
const MIN_WORD_UNITS = 3;
/** Words taken at most: more would come from a host name or an address made to cost time. */
const MAX_WORDS = 64;

/** The words of a context, whole and in pieces, in lower case. */
export function contextWords({ email = '', words = [] }: PasswordContext): readonly string[] {
  const texts = [email, ...email.split('@'), ...words].map((text) => text.normalize('NFKC').toLowerCase());
  const pieces = texts.concat(texts.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u)));
  return [...new Set(pieces)].filter((piece) => piece.length >= MIN_WORD_UNITS).slice(0, MAX_WORDS);
}
