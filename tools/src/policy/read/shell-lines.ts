/** One command line of a script: its continuations joined, its comment lines left out. */
export interface ShellLine {
  readonly line: number;
  readonly text: string;
}

/** The command lines of a shell script or a `run:` block, with the line that each begins on. */
export function shellLines(text: string, firstLine = 1): ShellLine[] {
  const found: ShellLine[] = [];
  let begun: ShellLine | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const trimmed = raw.trim();
    // A Dockerfile may have comments between the lines of one instruction.
    if (trimmed.startsWith('#') || (begun === undefined && trimmed === '')) continue;
    const joined: ShellLine = begun ?? { line: firstLine + index, text: '' };
    const part = trimmed.replace(/\\$/, '').trim();
    begun = { line: joined.line, text: `${joined.text} ${part}`.trim() };
    if (trimmed.endsWith('\\')) continue;
    found.push(begun);
    begun = undefined;
  }
  return begun === undefined ? found : [...found, begun];
}
