/** A shape that a secret is told by. */
export interface SecretShape {
  /** What an exception names as its subject. */
  readonly name: string;
  /** Global; the group `value`, or the whole match, is what would be secret. */
  readonly pattern: RegExp;
  /** A second look at what matched; without one, the shape alone decides. */
  readonly isSecret?: (value: string) => boolean;
}

/** Bits a character: English words stay below, random text of 20 characters is above. */
const MIN_ENTROPY_BITS = 3.7;

/** Hexadecimal digits carry at most 4 bits. */
const MIN_HEX_ENTROPY_BITS = 3.2;

/** Words that stand where a secret would. */
const STAND_IN = /example|placeholder|changeme|dummy|redacted|your[-_]|xxxx|\.\.\.|…/i;

const SECRET_NAMES =
  'pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credentials?|client[_-]?secret';

/** How many bits a character of the text carries, by the frequency of its characters (Shannon). */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** Whether the text looks as if nobody had thought of it: letters with digits or both cases, and no words. */
function isRandom(value: string): boolean {
  if (STAND_IN.test(value)) return false;
  if (/^[0-9a-f]{32,}$/i.test(value)) return entropyBits(value) >= MIN_HEX_ENTROPY_BITS;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(value)).length;
  return kinds >= 2 && /\d/.test(value) && !isMadeOfWords(value) && entropyBits(value) >= MIN_ENTROPY_BITS;
}

/** Two parts or more that are letters alone, as in `file-of-the-key-2` or `issuedAtSeconds30`. */
function isMadeOfWords(value: string): boolean {
  const parts = value.split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/);
  return parts.filter((part) => /^[A-Z]?[a-z]{3,}$|^[A-Z]{3,}$/.test(part)).length >= 2;
}

/**
 * The shapes that are looked for: those of issuers that mark their tokens, keys, and random text beside a name that
 * announces a secret. It is what a reviewer would miss, not all that a scanner knows: gitleaks runs in the workflow.
 */
export const secretShapes: readonly SecretShape[] = [
  {
    name: 'private key',
    pattern: /-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|[\s'"+`])*(?<value>[A-Za-z0-9+/=]{40,})/g,
  },
  { name: 'age key', pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{50,}/g },
  { name: 'AWS key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g, isSecret: (value) => !value.endsWith('EXAMPLE') },
  { name: 'GitHub token', pattern: /\b(?:gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_\w{60,})/g },
  { name: 'GitLab token', pattern: /\bglpat-[\w-]{20,}/g },
  { name: 'Slack token', pattern: /\bxox[a-z]-[\w-]{12,}|hooks\.slack\.com\/services\/T\w{6,}\/B\w{6,}\/\w{16,}/g },
  { name: 'Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/g },
  { name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { name: 'Google key', pattern: /\bAIza[\w-]{35}/g },
  { name: 'Vault token', pattern: /\bhv[bs]\.[\w-]{24,}/g },
  { name: 'Azure key', pattern: /\bAccountKey=[A-Za-z0-9+/]{80,}={0,2}/g },
  { name: 'JSON web token', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/g },
  {
    name: 'password in an address',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"`<>{}]{0,64}:(?<value>[^\s/@'"`$<>{}]{8,128})@/gi,
    isSecret: isRandom,
  },
  {
    name: 'random text beside a secret name',
    pattern: new RegExp(
      `(?:${SECRET_NAMES})["']?\\s{0,4}(?::|=|=>|:=)\\s{0,4}["'\`]?(?<value>[A-Za-z0-9+/=_.~-]{20,256})`,
      'gi',
    ),
    isSecret: isRandom,
  },
];
