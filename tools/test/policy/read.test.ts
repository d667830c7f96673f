import { describe, expect, it } from 'vitest';

import { daysBetween } from '../../src/policy/exceptions/policy-exceptions.ts';
import { isOwned, parseCodeOwners } from '../../src/policy/owners/code-owners.ts';
import { parseDockerfile } from '../../src/policy/read/dockerfile.ts';
import { withoutComments } from '../../src/policy/read/json-with-comments.ts';
import { shellLines } from '../../src/policy/read/shell-lines.ts';
import { YamlView } from '../../src/policy/read/yaml-view.ts';
import { imagesOfCommand } from '../../src/policy/workflows/image-rules.ts';

describe('a YAML file', () => {
  const view = YamlView.parse('a.yaml', 'a: &a\n  b: 1 # why\n\n# above\nc:\n  <<: *a\n  d: [x,\n    y]\n');

  it('tells the line of each key and item, through aliases', () => {
    expect(view.get('a', 'b')?.line).toBe(2);
    expect(
      view
        .get('c', 'd')
        ?.items()
        .map(({ line, text }) => [line, text]),
    ).toEqual([
      [7, 'x'],
      [8, 'y'],
    ]);
    expect([view.get('c', 'b')?.text, view.get('c', 'b')?.line]).toEqual(['1', 2]);
    expect(view.get('c')?.value).toEqual({ b: 1, d: ['x', 'y'] });
  });

  it('tells comments behind a value and above it', () => {
    expect([view.get('a', 'b')?.comment, view.get('c')?.comment, view.get('c', 'd')?.comment]).toEqual([
      'why',
      'above',
      '',
    ]);
  });

  it('is refused when a key is there twice: the second would be the one that counts', () => {
    expect(() => YamlView.parse('a.yaml', 'a: 1\na: 2\n')).toThrow('a.yaml:2');
  });
});

describe('a JSON file with comments', () => {
  it.each([
    ['{ "a": 1 } // why', '{ "a": 1 }       '],
    ['{ "a": "http://b" }', '{ "a": "http://b" }'],
    ['{ "a": "\\"// b" }', '{ "a": "\\"// b" }'],
    ['/* a\n "b" */ {}', '    \n        {}'],
    ['{ "a/*": "*/" }', '{ "a/*": "*/" }'],
  ])('%j keeps its strings, and its lines', (text, plain) => {
    expect(withoutComments(text)).toBe(plain);
  });
});

describe('lines of a shell', () => {
  it('are joined where they go on, and told where they begin', () => {
    expect(shellLines('# no\na \\\n  b\n\nc', 10)).toEqual([
      { line: 11, text: 'a b' },
      { line: 14, text: 'c' },
    ]);
  });
});

describe('a Dockerfile', () => {
  it('has stages with names and bases, in any case', () => {
    const { stages } = parseDockerfile('from --platform=$BUILDPLATFORM a AS b\nRUN x \\\n  # no\n  y\nFROM b\n');
    expect(stages.map(({ name, base, line }) => [name, base, line])).toEqual([
      ['b', 'a', 1],
      ['', 'b', 5],
    ]);
    expect(stages[0]?.instructions[1]).toEqual({ line: 2, keyword: 'RUN', argument: 'x y' });
  });
});

describe('an image in a command', () => {
  it.each([
    ['docker run --rm -e A=b:c -v "$PWD:/src" aquasec/trivy:0.74.0 fs .', ['aquasec/trivy:0.74.0']],
    ['docker run "$IMAGE" fs', []],
    ['docker compose up', []],
    ['podman pull ghcr.io/a/b:1', ['ghcr.io/a/b:1']],
  ])('%s', (command, images) => {
    expect(imagesOfCommand(command)).toEqual(images);
  });
});

describe('CODEOWNERS', () => {
  it.each([
    ['*', 'a/b/c.ts', false],
    ['**', 'a/b/c.ts', false],
    ['package.json', 'apps/api/package.json', true],
    ['/package.json', 'apps/api/package.json', false],
    ['/pnpm-*.yaml', 'pnpm-lock.yaml', true],
    ['docs/*', 'docs/a.md', true],
    ['docs/*', 'docs/a/b.md', false],
    ['docs/', 'x/docs/a/b.md', true],
    ['/docs/', 'x/docs/a.md', false],
    ['**/Dockerfile', 'docker/Dockerfile', true],
    ['tools/src/policy', 'tools/src/policy/a/b.ts', true],
    ['*.yaml', 'a/b.yaml', true],
    ['a.c', 'abc', false],
  ])('has a line %s for %s: %s', (pattern, path, owned) => {
    expect(isOwned(path, parseCodeOwners(`# comment\n${pattern} @o/team # why\n`))).toBe(owned);
  });
});

describe('days until a date', () => {
  it('are whole, over every change of the clock', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(daysBetween('2026-11-26', '2027-05-25')).toBe(180);
  });

  it.each(['', 'never', '2027-13-01', '2027-02-30', '2027-2-3', '26-11-2026'])('are none until %j', (date) => {
    expect(daysBetween('2026-11-26', date)).toBeNaN();
  });
});
