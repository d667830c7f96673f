/** Every way in which a text is no secret reference, by its stable code. No sentence is built from input. */
export const secretReferenceErrorCodes = {
  'not-a-reference': 'A secret reference looks like file:///run/secrets/name; a secret itself is never a setting.',
  'unknown-scheme':
    'A secret reference begins with file:///, aws-sm://, vault://, azure-kv:// or, in development, env://.',
  'too-long': 'A secret reference has at most 4096 characters.',
  'missing-path': 'A file reference names a file: file:///run/secrets/name.',
  'relative-path': 'A file reference has an absolute path after three slashes: file:///run/secrets/name.',
  'host-not-allowed': 'A file reference names no host: three slashes, then the path.',
  'query-or-fragment': 'This reference has no query and no fragment; write ? as %3F and # as %23 in a path.',
  'not-canonical': 'A file reference has no dot segments or doubled slashes, and is percent-encoded as URLs are.',
  'control-character': 'A secret reference has no control characters, encoded or not.',
  'missing-name': 'A reference names a secret: env://NAME, aws-sm://name#field, azure-kv://vault/name.',
  'invalid-name': 'The name in the reference is not one that its source could have.',
  'missing-field': 'A Vault reference names a path below a mount, and a field: vault://mount/path#field.',
  'invalid-field': 'A field is 1 to 128 letters, digits, dots, dashes and _, after one #.',
} as const satisfies Record<string, string>;

/** A stable name of one fault of a reference. */
export type SecretReferenceErrorCode = keyof typeof secretReferenceErrorCodes;

/**
 * A text is not a secret reference. The message comes from the table of codes alone: the text may be the secret
 * itself, pasted where its reference belongs, and is never repeated (SR-51).
 */
export class SecretReferenceError extends Error {
  override readonly name = 'SecretReferenceError';
  readonly code: SecretReferenceErrorCode;

  constructor(code: SecretReferenceErrorCode) {
    super(secretReferenceErrorCodes[code]);
    this.code = code;
  }
}
