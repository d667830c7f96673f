/** One name in every spelling that files have for it: `Blue Heron`, `BlueHeron`, `blue-heron`, `BLUE_HERON` … */
export interface NameForms {
  /** As a person writes it, in prose. */
  readonly title: string;
  readonly titleKebab: string;
  readonly pascal: string;
  readonly camel: string;
  /** Images, databases, compose projects, services: `blue-heron`. */
  readonly kebab: string;
  readonly snake: string;
  readonly flat: string;
  readonly spaced: string;
  /** Prefix of environment variables, without its last underscore. */
  readonly upperSnake: string;
  readonly upperKebab: string;
}

/** The words of a name, which spaces and dashes part. */
export function wordsOf(name: string): readonly string[] {
  return name.split(/[ -]+/);
}

/** All spellings of a name that {@link parseName} took. */
export function formsOf(name: string): NameForms {
  const words = wordsOf(name);
  const lower = words.map((word) => word.toLowerCase());
  const capital = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const pascal = capital.join('');
  return {
    title: name,
    titleKebab: capital.join('-'),
    pascal,
    camel: `${lower[0] ?? ''}${capital.slice(1).join('')}`,
    kebab: lower.join('-'),
    snake: lower.join('_'),
    flat: lower.join(''),
    spaced: lower.join(' '),
    upperSnake: lower.join('_').toUpperCase(),
    upperKebab: lower.join('-').toUpperCase(),
  };
}

/** What stands beside an occurrence: its last character before, and the first one behind. */
export interface Surroundings {
  readonly before: string;
  readonly after: string;
}

const LETTER_OR_DIGIT = /[A-Za-z0-9]/;

/**
 * Which spelling an occurrence has. A name of one word has one spelling for several, so that what stands beside it
 * decides: `palisade_x` is snake, `PalisadeX` is Pascal, `palisade` alone is kebab.
 */
export function spellingOf(occurrence: string, { before, after }: Surroundings): keyof NameForms {
  const separator = /[ _-]/.exec(occurrence)?.[0] ?? '';
  const beside = separator === '' ? `${before}${after}` : '';
  const isDashed = separator === '-' || beside.includes('-');
  const isSnake = separator === '_' || beside.includes('_');
  if (occurrence === occurrence.toUpperCase()) return isDashed ? 'upperKebab' : 'upperSnake';
  const isInWord = LETTER_OR_DIGIT.test(beside);
  // Two words in one, such as `BlueHeron`: an identifier, whatever stands beside it.
  const isJoined = /[a-z][A-Z]/.test(occurrence);
  if (/^[A-Z]/.test(occurrence)) {
    if (isDashed) return 'titleKebab';
    return isInWord || isSnake || isJoined ? 'pascal' : 'title';
  }
  if (separator === ' ') return 'spaced';
  if (isJoined || /[A-Z]/.test(after)) return 'camel';
  if (isSnake) return 'snake';
  return isInWord ? 'flat' : 'kebab';
}
