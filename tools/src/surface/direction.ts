/** Which way a declaration moved. `'changed'`: nobody but a reader can say. */
export type Direction = 'loosened' | 'tightened' | 'changed';

/** The direction of what lets in both more and less, when `looser` and `tighter` say whether it does either. */
export function directionOf(looser: boolean, tighter: boolean): Direction {
  if (looser === tighter) return 'changed';
  return looser ? 'loosened' : 'tightened';
}
