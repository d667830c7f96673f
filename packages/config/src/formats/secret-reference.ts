import { parseSecretReference, SecretReferenceError } from '@redoubt/secrets';
import { type Reader, malformed, wellFormed } from '../reading.ts';
import { findingOfReference } from '../self-check/secrets/finding-of-error.ts';

/** A reference to a secret, never the secret: the loaded value is the `SecretReference`. */
export const secretReferenceFormat: Reader = {
  expected:
    'a secret reference, such as file:///run/secrets/name or aws-sm://name#field (env://NAME in development only)',
  read(text) {
    try {
      return wellFormed(parseSecretReference(text));
    } catch (error) {
      // Its message comes from a table, and says more than this format can.
      if (error instanceof SecretReferenceError) return malformed(error.message, findingOfReference(error.code));
      throw error;
    }
  },
};
