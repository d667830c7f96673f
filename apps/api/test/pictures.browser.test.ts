import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { launchBrowser } from './support/browser.ts';
import { pictureFaults } from './support/measured-picture.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'images');
const pictures = globSync('*.svg', { cwd: folder });
const WIDTH_PX = 800;
/** What is smaller is not read on a laptop; WCAG 2.2, 1.4.3. */
const READABLE = { widthPx: WIDTH_PX, minFontPx: 13, minContrast: 4.5 };

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe.each(pictures)('%s', (file) => {
  it.each(['light', 'dark'] as const)('is read without effort in the %s theme', async (colorScheme) => {
    const page = await browser.newPage({ colorScheme, viewport: { width: WIDTH_PX, height: WIDTH_PX } });
    const xml = readFileSync(join(folder, file), 'utf8');
    expect(await pictureFaults(page, xml, READABLE)).toEqual([]);
    await page.close();
  });

  it('has other colours in the dark', async () => {
    const xml = readFileSync(join(folder, file), 'utf8');
    const shots = await Promise.all(
      (['light', 'dark'] as const).map(async (colorScheme) => {
        const page = await browser.newPage({ colorScheme });
        await page.setContent(xml);
        return (await page.screenshot()).toString('base64');
      }),
    );
    expect(new Set(shots).size).toBe(2);
  });
});

const drawn = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 100"><rect width="800" height="100" fill="white"/>${body}</svg>`;

describe('a bad picture', () => {
  it.each([
    ['hard to read', drawn('<text x="9" y="50" fill="#ccc">pale</text>')],
    ['8 px', drawn('<text x="9" y="50" font-size="8">small</text>')],
    [
      'wider than its box',
      drawn(
        '<rect x="90" width="20" height="99" fill="white"/><text x="100" y="50" text-anchor="middle">too much</text>',
      ),
    ],
    ['outside of the picture', drawn('<text x="900" y="50">beyond</text>')],
    ['one on other', drawn('<text x="9" y="50">one</text><text x="12" y="52">other</text>')],
    ['no text', drawn('')],
    ['error', drawn('<text>')],
  ])('is found: %s', async (fault, xml) => {
    const page = await browser.newPage({ viewport: { width: WIDTH_PX, height: WIDTH_PX } });
    expect((await pictureFaults(page, xml, READABLE)).join('\n')).toContain(fault);
    await page.close();
  });
});
