import { describe, expect, it } from 'vitest';

import { NewError } from '../../src/new/new-error.ts';
import { YamlText } from '../../src/new/stack/yaml-text.ts';

const TEXT = `# a file
services:
  first: # one
    list:
      - a # kept
      # of b
      - b

  # of the second
  second: { x: 1 }
last:
  p:
  q:
`;

describe('the text of a YAML document', () => {
  it('is edited where it is asked to be, and nowhere else', () => {
    const yaml = new YamlText(TEXT);
    yaml.append(['services', 'first', 'list'], '      - c\n');
    yaml.insertBefore(['services', 'second'], '  between: {}\n');
    yaml.replace(['services', 'second', 'x'], (value) => `${value}2`);
    yaml.append(['last'], '  r:\n');
    const wanted = TEXT.replace('      - b\n', '      - b\n      - c\n')
      .replace('  # of the second', '  between: {}\n  # of the second')
      .replace('x: 1', 'x: 12')
      .replace('  q:\n', '  q:\n  r:\n');
    expect(yaml.toString()).toBe(wanted);
  });

  it('names a value once, and keeps a name that it has', () => {
    const yaml = new YamlText(TEXT);
    expect(yaml.anchor(['services', 'second', 'x'], 'one')).toBe('one');
    expect(yaml.anchor(['services', 'second', 'x'], 'two')).toBe('one');
    yaml.replace(['services', 'second', 'x'], (value) => `${value}2`);
    expect(yaml.toString()).toBe(TEXT.replace('x: 1', 'x: &one 12'));
    expect(() => yaml.anchor(['services', 'second'], 'three')).toThrow(NewError);
  });

  it('knows what is there', () => {
    const yaml = new YamlText(TEXT);
    expect([yaml.has(['services', 'first']), yaml.has(['services', 'third'])]).toEqual([true, false]);
  });

  it('refuses a place that is not there', () => {
    for (const path of [
      ['services', 'third'],
      ['nothing', 'below'],
    ])
      expect(() => new YamlText(TEXT).insertBefore(path, '')).toThrow(NewError);
    expect(() => new YamlText(TEXT).append(['services', 'second', 'x'], '')).toThrow(NewError);
    expect(() => new YamlText(TEXT).replace(['services', 'first'], String)).toThrow(NewError);
  });
});
