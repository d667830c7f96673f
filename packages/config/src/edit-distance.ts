/**
 * Levenshtein distance: how many characters to insert, remove or replace to make one text of the other. Two swapped
 * neighbours count 2. Takes time in proportion to the product of the lengths.
 */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let index = 0; index < from.length; index += 1) {
    row = nextRow(row, from[index] ?? '', to);
  }
  return row.at(-1) ?? 0;
}

function nextRow(above: readonly number[], character: string, to: string): number[] {
  const row = [(above[0] ?? 0) + 1];
  for (let column = 0; column < to.length; column += 1) {
    const replace = (above[column] ?? 0) + (to[column] === character ? 0 : 1);
    const remove = (above[column + 1] ?? 0) + 1;
    const insert = (row[column] ?? 0) + 1;
    row.push(Math.min(replace, remove, insert));
  }
  return row;
}
