import type { Secret } from '@redoubt/secrets';
import { pemDocumentsIn } from './sample-candidates.ts';

/** Tells whether a secret is one that everybody can know, for it stands in a file of the repository (SR-51, SR-53). */
export interface SampleValues {
  isSampleValue(secret: Secret): boolean;
}

/** A part of a JSON document that is long enough to be a key; shorter ones are names of algorithms and curves. */
const MIN_JSON_PART_CHARACTERS = 32;

/**
 * Compares secrets with values by a look-up: the secret as a whole, each PEM document in it, and, where it is a JSON
 * document such as a private JWK, its long texts.
 */
export function sampleValuesOf(isListed: (value: string) => boolean): SampleValues {
  return { isSampleValue: (secret) => partsOf(secret.expose().trim()).some(isListed) };
}

function partsOf(text: string): readonly string[] {
  return [text, ...pemDocumentsIn(text), ...(text.startsWith('{') ? longTextsIn(text) : [])];
}

function longTextsIn(json: string): readonly string[] {
  return [...json.matchAll(/"([^"\\]*)"/g)].flatMap(([, part = '']) =>
    part.length >= MIN_JSON_PART_CHARACTERS ? part : [],
  );
}
