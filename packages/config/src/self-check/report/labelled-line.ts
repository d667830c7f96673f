/** Columns of a line: what terminals and logs of containers show without breaking it themselves. */
const MAX_COLUMNS = 110;

/** A labelled text, broken between words; a word that is longer than a line stays whole. */
export function labelledLine(label: string, text: string): string {
  const indent = ' '.repeat('    '.length + 'reason'.length + '  '.length);
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && indent.length + current.length + word.length >= MAX_COLUMNS) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return `    ${label.padEnd('reason'.length)}  ${[...lines, current].join(`\n${indent}`)}`;
}
