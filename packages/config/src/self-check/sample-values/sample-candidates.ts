/** A run that is shorter is a word; as a secret it is refused for its length already. */
const MIN_RUN_CHARACTERS = 8;
/** In quotes, a short text is a value as well: a mail server may take a short password. */
const MIN_QUOTED_CHARACTERS = 4;
/** A secret has 64 KiB at most, and a line of a file that is longer than this is data: a compressed list, a bundle. */
const MAX_CANDIDATE_CHARACTERS = 8192;

/** Characters without white space and quotes, backslashes being an escape of a quote or a line break. */
const RUN = /[^\s"'`]{8,}/g;
/** What quotes enclose on one line. */
const QUOTED = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)`/g;
/** A name that a value is assigned to, as YAML, environment files and code write it, comments among them. */
const NAME = /^[\s\-*>#/]*[\w.-]+\s*$/;
/** What separates a value from what stands around it in addresses, arguments, lists and prose. */
const SEPARATOR = /[=:,;@/(){}[\]<>|&?#\\]/g;
/** Punctuation around a value that stands in a sentence; none of it is a character of base64. */
const PUNCTUATION = /^[([{<*]+|[.,;:!?)\]}>*]+$/g;

/** A PEM document (RFC 7468), in a file or in a string with `\n` for its line breaks. */
const PEM = /-----BEGIN [A-Z0-9 ]{1,64}-----[A-Za-z0-9+/=\s\\:,-]*?-----END [A-Z0-9 ]{1,64}-----/g;

/**
 * Every value that stands in the text of a file: what quotes enclose, what is assigned to a name, each run of
 * characters without white space and quotes, its parts between separators, and PEM documents. Gives some more than
 * once.
 */
export function* candidatesIn(text: string): Generator<string> {
  for (const [, double, single, back] of text.matchAll(QUOTED))
    yield* long(double ?? single ?? back ?? '', MIN_QUOTED_CHARACTERS);
  for (const line of text.split('\n')) yield* long(assignedIn(line), MIN_RUN_CHARACTERS);
  for (const [run] of text.matchAll(RUN)) yield* candidatesOfRun(run);
  yield* pemDocumentsIn(text);
}

/** The PEM documents of a text, each in one spelling: without white space, whichever way its lines were broken. */
export function pemDocumentsIn(text: string): readonly string[] {
  return text.includes('-----BEGIN ') ? [...text.matchAll(PEM)].map(([pem]) => pem.replaceAll(/\\[nr]|\s/g, '')) : [];
}

/** The rest of a line after a name and its `=` or `:`, unquoted and with spaces; empty where the line assigns nothing. */
function assignedIn(line: string): string {
  const at = line.search(/[:=]/);
  return at !== -1 && NAME.test(line.slice(0, at)) ? line.slice(at + 1).trim() : '';
}

function* candidatesOfRun(run: string): Generator<string> {
  if (run.length > MAX_CANDIDATE_CHARACTERS) return;
  yield run;
  yield* long(run.replaceAll(PUNCTUATION, ''), MIN_RUN_CHARACTERS);
  // What is assigned may have separators itself, as base64 has: from each of them to the end, and each part alone.
  for (const { index } of run.matchAll(SEPARATOR)) yield* long(run.slice(index + 1), MIN_RUN_CHARACTERS);
  for (const part of run.split(SEPARATOR)) yield* long(part, MIN_RUN_CHARACTERS);
}

function* long(candidate: string, minCharacters: number): Generator<string> {
  if (candidate.length >= minCharacters && candidate.length <= MAX_CANDIDATE_CHARACTERS) yield candidate;
}
