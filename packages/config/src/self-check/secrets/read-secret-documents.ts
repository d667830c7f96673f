import {
  documentOf,
  Secret,
  SecretError,
  type SecretReading,
  type SecretReference,
  selectField,
  type SecretSources,
} from '@redoubt/secrets';
import type { SecretOutcome } from './secret-outcome.ts';

/** Longest wait for one document: 10 s, for a source that has to be signed in to first. */
const READ_TIMEOUT_MS = 10_000;

/** Reads secrets for the self-check: each document once, however many references are to it. */
export type SecretReader = (reference: SecretReference) => Promise<SecretOutcome>;

/**
 * Makes a reader over the sources of a service. A document is read once: two fields of a leased credential belong
 * together, and each reading would be another lease. Whoever made the sources closes them, which gives leases back.
 */
export function createSecretReader(sources: SecretSources): SecretReader {
  const documents = new Map<string, Promise<SecretReading>>();
  return async (reference) => {
    const name = documentOf(reference);
    const document = documents.get(name) ?? readDocument(sources, reference);
    documents.set(name, document);
    try {
      return heldSecret(reference, await document);
    } catch (error) {
      // RD-025 to RD-039 tell which; any other error is a fault of the source's code, and the check is not made.
      if (error instanceof SecretError) return { error };
      throw error;
    }
  };
}

async function readDocument(sources: SecretSources, reference: SecretReference): Promise<SecretReading> {
  const provider = await sources.providerOf(reference);
  return provider.read(reference, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) });
}

function heldSecret(reference: SecretReference, { text, createdAtMs, lease }: SecretReading): SecretOutcome {
  return {
    material: Secret.of(selectField(reference, text)),
    createdAtMs,
    tenure: lease === undefined ? 'kept' : 'leased',
    form: 'usable',
  };
}
