/** Every way in which a secret cannot be had, by its stable code. */
const secretErrorCodes = {
  'not-found': 'There is no such file or variable.',
  unreadable: 'It cannot be read: check its owner, its mode and what the process may read.',
  'not-a-file': 'It is not a regular file.',
  'symlink-loop': 'Its symbolic links lead nowhere.',
  'open-to-others': 'Everybody on the machine can read or change it: set its mode to 0400 or 0440.',
  empty: 'It is empty.',
  'too-large': 'It is larger than 64 KiB: a secret is a key or a password, not a document.',
  'not-text': 'It is not UTF-8 text.',
  'refused-in-production': 'Production takes no secret from an environment variable: use a file reference.',
} as const satisfies Record<string, string>;

/** A stable name of one reason why a secret cannot be had. */
export type SecretErrorCode = keyof typeof secretErrorCodes;

/**
 * A secret cannot be had. The message is the reference and a sentence from the table of codes: it says where the
 * secret should be, and never what was found there (SR-51).
 */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code: SecretErrorCode;

  constructor(code: SecretErrorCode, reference: string, options?: ErrorOptions) {
    super(`${reference}: ${secretErrorCodes[code]}`, options);
    this.code = code;
  }
}
