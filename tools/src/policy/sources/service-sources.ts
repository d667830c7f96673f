import type { Fault, PolicyInput } from '../policy-rule.ts';

/** What runs in production: neither tests nor what tests share. */
const SERVICE_SOURCES = /^(?:apps\/[\w-]+|packages\/(?!testing\/)[\w-]+|docker)\/src\/.+\.ts$/;

/** All that is code, tests among it. */
export const ALL_SOURCES = /\.(?:ts|mts|cts|js|mjs|cjs)$/;

/** The sources of what runs in production, with their comments blanked out: a ban is about code. */
export function serviceSources({ files }: PolicyInput): { file: string; text: string }[] {
  return files.matching(SERVICE_SOURCES).map((file) => ({ file, text: withoutComments(files.text(file)) }));
}

/** Every place at which a pattern matches and there is something to say of it. */
export function placesOf(
  file: string,
  text: string,
  pattern: RegExp,
  describe: (match: RegExpExecArray) => string | undefined,
): Fault[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const message = describe(match);
    return message === undefined ? [] : [{ file, line: text.slice(0, match.index).split('\n').length, message }];
  });
}

/** A string of one line, or a comment; templates are left alone, since what stands in them may be code. */
const STRING_OR_COMMENT = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|(?<![:\\/])\/\/[^\n]*|\/\*[^]*?\*\//g;

function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (match) => (match.startsWith('/') ? match.replace(/[^\n]/g, ' ') : match));
}
