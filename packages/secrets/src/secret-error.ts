/** One reason why a secret cannot be had. */
interface SecretErrorKind {
  /** What a person reads: never built from input. */
  readonly sentence: string;
  /** Whether the same attempt may succeed a moment later. */
  readonly persistence: 'transient' | 'lasting';
}

/** Every way in which a secret cannot be had, by its stable code. */
export const secretErrorCodes = {
  'not-found': { sentence: 'There is no such secret.', persistence: 'lasting' },
  unreadable: {
    sentence: 'It cannot be read: check its owner, its mode and what the process may read.',
    persistence: 'lasting',
  },
  'not-a-file': { sentence: 'It is not a regular file.', persistence: 'lasting' },
  'symlink-loop': { sentence: 'Its symbolic links lead nowhere.', persistence: 'lasting' },
  'open-to-others': {
    sentence: 'Everybody on the machine can read or change it: set its mode to 0400 or 0440.',
    persistence: 'lasting',
  },
  empty: { sentence: 'It is empty.', persistence: 'lasting' },
  'too-large': {
    sentence: 'It is larger than 64 KiB: a secret is a key or a password, not a document.',
    persistence: 'lasting',
  },
  'not-text': { sentence: 'It is binary, not UTF-8 text.', persistence: 'lasting' },
  'not-json': { sentence: 'The reference asks for a field, and the secret is no JSON object.', persistence: 'lasting' },
  'field-missing': { sentence: 'The secret has no such field, or it is no text.', persistence: 'lasting' },
  'refused-in-production': {
    sentence: 'Production takes no secret from an environment variable: use a reference of another kind.',
    persistence: 'lasting',
  },
  'not-configured': { sentence: 'The settings do not say where its source is.', persistence: 'lasting' },
  'sign-in-failed': {
    sentence: 'The source did not accept who the service is: check its role or identity.',
    persistence: 'lasting',
  },
  'access-denied': {
    sentence: 'The service may not read it: give its role this secret, and the key that encrypts it.',
    persistence: 'lasting',
  },
  throttled: { sentence: 'The source asks to be asked less often.', persistence: 'transient' },
  timeout: { sentence: 'The source did not answer in time.', persistence: 'transient' },
  unavailable: { sentence: 'The source is away or answers with an error of its own.', persistence: 'transient' },
  'malformed-answer': { sentence: 'What answered is not the source, or is broken.', persistence: 'transient' },
} as const satisfies Record<string, SecretErrorKind>;

/** A stable name of one reason why a secret cannot be had. */
export type SecretErrorCode = keyof typeof secretErrorCodes;

/**
 * A secret cannot be had. The message is the reference and a sentence from the table of codes: it says where the
 * secret should be, and never what was found there (SR-51).
 */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code: SecretErrorCode;
  /** The reference, as it is written in the setting; safe to log. */
  readonly reference: string;

  constructor(code: SecretErrorCode, reference: string, options?: ErrorOptions) {
    super(`${reference}: ${secretErrorCodes[code].sentence}`, options);
    this.code = code;
    this.reference = reference;
  }

  /** Whether the same attempt may succeed a moment later. */
  get isTransient(): boolean {
    return secretErrorCodes[this.code].persistence === 'transient';
  }
}
