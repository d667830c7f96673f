import { describe, expect, it } from 'vitest';

import { removeRegions } from '../../src/setup/marked-regions.ts';

// Put together, so that these lines are no marks themselves.
const mark = (comment: string, name = 'template-only') => ({
  start: `${comment} ${name}:start`,
  end: `${comment} ${name}:end`,
});
const cut = (lines: readonly string[], names = ['template-only'] as const) =>
  removeRegions('a.ts', lines.join('\n'), names);

describe('a marked region', () => {
  it.each(['//', '#', '--', '<!--', '    //'])('is removed with its marks, which are comments of %j', (comment) => {
    const { start, end } = mark(comment);
    expect(cut(['a', start, 'b', end, 'c', start, end])).toEqual({ text: 'a\nc', count: 2 });
  });

  it('leaves one empty line where it stood between two', () => {
    const { start, end } = mark('//');
    expect(cut(['a', '', start, 'b', end, '', 'c']).text).toBe('a\n\nc');
    expect(cut(['a', '', start, 'b', end, 'c']).text).toBe('a\n\nc');
  });

  it('stays when another name is asked for, or nothing', () => {
    const { start, end } = mark('//', 'example-domain');
    const lines = ['a', start, 'b', end];
    expect(cut(lines)).toEqual({ text: lines.join('\n'), count: 0 });
  });

  it('is a fault without an end, without a start, and inside of another', () => {
    const { start, end } = mark('//');
    for (const lines of [
      [start, 'a'],
      ['a', end],
      [start, start, end],
    ])
      expect(() => cut(lines)).toThrow('a.ts');
  });
});
