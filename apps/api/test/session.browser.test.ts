import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installDocs } from './support/install-docs.ts';
import { launchBrowser } from './support/browser.ts';
import { createPassword, type Credentials } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

let service: TestApp;
let foreign: HttpServer;
let browser: Browser;
let origin: string;
let foreignOrigin: string;

beforeAll(async () => {
  service = await createTestApp({}, { installDocs });
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  // By name: to a browser, localhost and 127.0.0.1 are two sites.
  origin = `http://localhost:${(service.app.server.address() as AddressInfo).port}`;
  foreign = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>hello</p>'));
  await new Promise<void>((resolve) => {
    foreign.listen(0, '127.0.0.1', resolve);
  });
  foreignOrigin = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  foreign.close();
  await service.close();
});

/** What a page can see of an answer; status 0 when the browser keeps it from the page. */
interface Seen {
  readonly status: number;
}

/** Sends a request from a page, with the cookies that its browser would send. */
function send(page: Page, path: string, headers: Record<string, string>, body?: object): Promise<Seen> {
  const call = JSON.stringify({
    url: origin + path,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  // As text: it runs in the page.
  return page.evaluate<Seen>(`(async ({ url, headers, body }) => {
    try {
      const response = await fetch(url, { method: 'POST', credentials: 'include', headers, body });
      return { status: response.status };
    } catch {
      return { status: 0 };
    }
  })(${call})`);
}

const ownPage = { 'x-requested-with': 'fetch' };

async function signIn(context: BrowserContext): Promise<Page> {
  const password = createPassword();
  const { email } = await service.createUser('user', password);
  const page = await context.newPage();
  await page.goto(`${origin}/docs`);
  const credentials: Credentials = { email, password };
  const { status } = await send(page, '/api/auth/login', { 'content-type': 'application/json' }, credentials);
  expect(status).toBe(200);
  return page;
}

describe('the refresh cookie in a browser', () => {
  it('SR-25: lets the own page refresh, and no script reads it', async () => {
    const context = await browser.newContext();
    const page = await signIn(context);
    expect(await context.cookies()).toMatchObject([
      { name: '__Host-refresh', httpOnly: true, secure: true, sameSite: 'Strict', path: '/' },
    ]);
    expect(await page.evaluate('document.cookie')).toBe('');
    expect((await send(page, '/api/auth/refresh', ownPage)).status).toBe(200);
    await context.close();
  });

  it('SR-25: is of no use to a page of another site, by script or by form', async () => {
    const context = await browser.newContext();
    const page = await signIn(context);
    const before = await context.cookies();
    const attacker = await context.newPage();
    await attacker.goto(foreignOrigin);
    for (const headers of [{}, ownPage, { 'content-type': 'text/plain' }]) {
      expect((await send(attacker, '/api/auth/refresh', headers)).status).toBe(0);
    }
    const answer = attacker.waitForResponse(`${origin}/api/auth/refresh`);
    await attacker.evaluate(`(() => {
      const form = document.createElement('form');
      form.method = 'POST';
      form.action = '${origin}/api/auth/refresh';
      document.body.append(form);
      form.submit();
    })()`);
    expect((await answer).status()).toBeGreaterThanOrEqual(400);
    expect(await context.cookies()).toEqual(before);
    expect((await send(page, '/api/auth/refresh', ownPage)).status).toBe(200);
    await context.close();
  });

  it('SR-8: keeps two tabs signed in that refresh at once', async () => {
    const context = await browser.newContext();
    const first = await signIn(context);
    const second = await context.newPage();
    await second.goto(`${origin}/docs`);
    const answers = await Promise.all([
      send(first, '/api/auth/refresh', ownPage),
      send(second, '/api/auth/refresh', ownPage),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await send(second, '/api/auth/refresh', ownPage)).status).toBe(200);
    await context.close();
  });
});
