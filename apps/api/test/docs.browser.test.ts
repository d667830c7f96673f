import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installDocs } from './support/install-docs.ts';
import { launchBrowser } from './support/browser.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

let service: TestApp;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  service = await createTestApp({}, { installDocs });
  origin = await service.app.listen({ host: '127.0.0.1', port: 0 });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

describe('the reference page in a browser', () => {
  it('shows the routes, opens one, and meets no refusal of its policy', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(request.url()));
    await page.goto(`${origin}/docs`);
    const route = page.locator('.opblock-summary-path', { hasText: '/api/users/me' });
    await route.click();
    await page.getByText('May be called by: signed-in.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('tries a route out, with nothing but this service to talk to', async () => {
    const page = await browser.newPage();
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(`${origin}/docs`);
    const block = page.locator('.opblock', { hasText: '/.well-known/jwks.json' });
    await block.locator('.opblock-summary-path').click();
    await block.getByRole('button', { name: 'Try it out' }).click();
    await block.getByRole('button', { name: 'Execute' }).click();
    await block.locator('.live-responses-table').getByText('"kid"').waitFor();
    hosts.delete('null');
    expect([...hosts]).toEqual([origin]);
  });

  it('SR-32: lets no script run that is not the page’s own', async () => {
    const page = await browser.newPage();
    await page.goto(`${origin}/docs`);
    // As text: it runs in the page, where there is a document.
    const ran = await page.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
      'injected' in globalThis;
    `);
    expect(ran).toBe(false);
  });
});
