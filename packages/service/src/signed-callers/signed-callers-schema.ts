import { type Static, type TProperties, Type } from '@sinclair/typebox';

/** Keys in one file at most: two for each of more services than one has neighbours. */
const MAX_KEYS = 200;

/** Longest SPIFFE id, in bytes (SPIFFE-ID, section 2.3). */
const MAX_SERVICE_ID_LENGTH = 2048;

const KeyId = Type.String({ minLength: 1, maxLength: 64 });
const Service = Type.String({ minLength: 1, maxLength: MAX_SERVICE_ID_LENGTH });

/** One key: a public key in the open, or where a shared secret is. */
const SignedCallerEntry = Type.Union([
  closed({
    keyId: KeyId,
    service: Service,
    algorithm: Type.Literal('ed25519'),
    publicKey: Type.String({ minLength: 1, maxLength: 1024 }),
  }),
  closed({
    keyId: KeyId,
    service: Service,
    algorithm: Type.Literal('hmac-sha256'),
    secret: Type.String({ minLength: 1, maxLength: 4096 }),
  }),
]);

/** One line of the file. */
export type SignedCallerEntry = Static<typeof SignedCallerEntry>;

/** The file of signed callers: a list of keys as docs/decisions/016-signed-requests.md describes them. */
export const SignedCallers = Type.Array(SignedCallerEntry, { minItems: 1, maxItems: MAX_KEYS });

/** A misspelt field would be a rule that is not kept. */
function closed<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}
