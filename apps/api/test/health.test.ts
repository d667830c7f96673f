import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';

import { findFreePort, startChild } from '@redoubt/testing';
import { afterEach, describe, expect, it } from 'vitest';

const entry = join(import.meta.dirname, '..', 'src', 'main.ts');

let service: Server | undefined;

afterEach(() => {
  service?.closeAllConnections();
  service?.close();
  service = undefined;
});

/** A management listener that answers so; its port. */
async function listen(answer: RequestListener): Promise<number> {
  const port = await findFreePort();
  service = createServer(answer);
  const { promise, resolve } = Promise.withResolvers<void>();
  service.listen(port, '127.0.0.1', resolve);
  await promise;
  return port;
}

function answerWith(status: number): RequestListener {
  return ({ url }, response) => {
    response.statusCode = url === '/health/ready' ? status : 404;
    response.end('{}');
  };
}

async function askHealth(environment: Record<string, string>): Promise<number | null> {
  return startChild(entry, environment, ['health']).exited;
}

describe('main.js health', () => {
  it('ends with 0 when the service is ready', async () => {
    expect(await askHealth({ MANAGEMENT_PORT: String(await listen(answerWith(200))) })).toBe(0);
  });

  it.each(['0.0.0.0', '::', '127.0.0.1', 'localhost'])('finds a listener on %s', async (MANAGEMENT_HOST) => {
    expect(await askHealth({ MANAGEMENT_HOST, MANAGEMENT_PORT: String(await listen(answerWith(200))) })).toBe(0);
  });

  it.each([204, 301, 404, 503])('ends with 1 when the answer is %d', async (status) => {
    expect(await askHealth({ MANAGEMENT_PORT: String(await listen(answerWith(status))) })).toBe(1);
  });

  it('ends with 1 when nothing listens', async () => {
    expect(await askHealth({ MANAGEMENT_PORT: String(await findFreePort()) })).toBe(1);
  });

  it('ends with 1 when the service takes the question and does not answer', async () => {
    const silent = await listen(() => undefined);
    expect(await askHealth({ MANAGEMENT_PORT: String(silent) })).toBe(1);
  });

  it.each(['c4n4ry', '65536', ''])('ends with 1 when the port is %j', async (MANAGEMENT_PORT) => {
    expect(await askHealth({ MANAGEMENT_PORT })).toBe(1);
  });
});
