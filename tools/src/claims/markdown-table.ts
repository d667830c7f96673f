/** A row of a table of a document, without its head. */
export interface TableRow {
  /** Counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows of all tables whose head has exactly these columns, in their order. */
export function tableRows(document: string, columns: readonly string[]): readonly TableRow[] {
  const head = `| ${columns.join(' | ')} |`;
  const rows: TableRow[] = [];
  let isInside = false;
  for (const [index, text] of document.split('\n').entries()) {
    isInside = text.startsWith('|') && (isInside || text === head);
    if (isInside && text !== head && !/^\|(?: --- \|)+$/.test(text))
      rows.push({ line: index + 1, cells: cellsOf(text) });
  }
  return rows;
}

function cellsOf(text: string): readonly string[] {
  return text
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}
