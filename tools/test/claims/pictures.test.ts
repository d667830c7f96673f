import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pictures = globSync('docs/images/*.svg', { cwd: root });

/** Elements of text that carry `data-<key>`: what the attribute says, what one reads, and how far down it stands. */
function labels(path: string, key: string): readonly { of: string; text: string; top: number }[] {
  const found = read(path).matchAll(
    new RegExp(`<text x="\\d+(?:\\.5)?" y="(?<top>\\d+)"[^>]* data-${key}="(?<of>[^"]+)">(?<text>[^<]+)<`, 'g'),
  );
  return [...found].map(({ groups }) => ({
    of: groups?.['of'] ?? '',
    text: groups?.['text'] ?? '',
    top: Number(groups?.['top']),
  }));
}

describe('a picture', () => {
  it('is there', () => expect(pictures.toSorted()).toEqual(['docs/images/house.svg', 'docs/images/request.svg']));

  it.each(pictures)('needs nothing from elsewhere and runs nothing: %s', (path) => {
    const text = read(path).replace('xmlns="http://www.w3.org/2000/svg"', '');
    expect(text).not.toMatch(/<script|<foreignObject|<image|<use|href|\bon\w+=|https?:|url\((?!#)|@import|<!/i);
  });

  it.each(pictures)('says in words what it shows: %s', (path) => {
    expect(read(path)).toMatch(/role="img" aria-labelledby="title description">\n {2}<title id="title">.+<\/title>/);
    expect(read(path)).toMatch(/<desc id="description">.{100,}<\/desc>/);
  });

  it.each(pictures)('has colours for both themes: %s', (path) => {
    const [light, dark] = read(path).split('@media (prefers-color-scheme: dark)');
    const names = (css = ''): string[] => [...css.matchAll(/(--\w+):/g)].map(([, name = '']) => name);
    expect(names(light)).toHaveLength(7);
    expect(names(dark)).toEqual(names(light));
  });
});

describe('the picture of the house', () => {
  const rooms = labels('docs/images/house.svg', 'room');

  it('shows every package that a service is made of, by its name', () => {
    const made = globSync('packages/*', { cwd: root }).filter((path) => !/\/(?:api-client|build|testing)$/.test(path));
    expect(rooms.map(({ of }) => of).filter((of) => existsSync(join(root, of))).length).toBe(rooms.length);
    expect(rooms.map(({ of }) => of)).toEqual(expect.arrayContaining(made));
    for (const { of, text } of rooms) expect([of, of.replace('packages/', '')]).toContain(text);
  });

  it('has imports that never go up', () => {
    const topOf = new Map(rooms.map(({ of, top }) => [of.replace('packages/', '@redoubt/'), top]));
    for (const { of, top } of rooms.filter(({ of }) => existsSync(join(root, of, 'package.json')))) {
      const manifest = JSON.parse(read(`${of}/package.json`)) as { dependencies?: Record<string, string> };
      for (const name of Object.keys(manifest.dependencies ?? {}))
        expect(topOf.get(name) ?? top, `${of} imports ${name}`).toBeGreaterThanOrEqual(top);
    }
  });
});

describe("the picture of a request's way", () => {
  it('shows each step of the pipeline once, in its order', () => {
    const steps = labels('docs/images/request.svg', 'step');
    const files = globSync('packages/server/src/pipeline/[0-9]*.ts', { cwd: root });
    for (const { of, text } of steps) {
      expect(files).toContain(`packages/server/src/pipeline/${of}.ts`);
      expect(of).toContain(text);
    }
    const numbers = [...new Set(files.map((file) => file.replace(/^.*\/(\d\d)-.*$/, '$1')))].toSorted(
      (a, b) => Number(a) - Number(b),
    );
    expect(steps.map(({ of }) => of.slice(0, 2))).toEqual(numbers);
  });

  it('shows the statuses that the list of the steps has', () => {
    const shown = [...read('docs/images/request.svg').matchAll(/class="no">([\d ]+)</g)].flatMap(([, codes = '']) =>
      codes.split(' '),
    );
    const rows = read('packages/server/src/pipeline/README.md').matchAll(/^\| \d+ \|.*\| (?<codes>[\d, ]+) \|$/gm);
    const listed = new Set([...rows].flatMap(({ groups }) => groups?.['codes']?.split(', ') ?? []));
    expect(shown.filter((code) => !listed.has(code))).toEqual([]);
  });
});
