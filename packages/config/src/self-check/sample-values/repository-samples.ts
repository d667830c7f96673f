import { candidatesIn } from './sample-candidates.ts';
import { readRepositoryTexts } from './repository-files.ts';
import { type SampleValues, sampleValuesOf } from './sample-values.ts';

/**
 * The sample values of a repository that the service was started from, without a list: for `pnpm dev` and
 * `pnpm run doctor`, where there was no build. The root is the folder that has `.gitignore`.
 */
export async function readSampleValues(root: string): Promise<SampleValues> {
  return sampleValuesIn(await readRepositoryTexts(root));
}

/**
 * Finds in texts what {@link candidatesIn} would list of them. Few secrets are looked for in many texts, so only a text
 * that has the secret somewhere is taken apart.
 */
export function sampleValuesIn(texts: readonly string[]): SampleValues {
  return sampleValuesOf((value) => texts.some((text) => mayHave(text, value) && isCandidate(text, value)));
}

/** A PEM document is listed without the line breaks that it has in the file. */
function mayHave(text: string, value: string): boolean {
  return value.startsWith('-----BEGIN') ? text.includes('-----BEGIN ') : text.includes(value);
}

function isCandidate(text: string, value: string): boolean {
  return candidatesIn(text).some((candidate) => candidate === value);
}
