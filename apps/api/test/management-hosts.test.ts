import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ChildService, findFreePort, sendRaw, startChild, waitUntilReady } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const entry = join(import.meta.dirname, '..', 'src', 'dev.ts');

let directory: string;
let child: ChildService;
let port: number;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'management-'));
  port = await findFreePort();
  child = startChild(entry, {
    PORT: String(await findFreePort()),
    MANAGEMENT_PORT: String(port),
    MANAGEMENT_ALLOWED_HOSTS: 'API, Metrics.internal',
    LOCAL_DIRECTORY: directory,
  });
  await waitUntilReady(child, `http://127.0.0.1:${port}/health/ready`);
});
afterAll(async () => {
  await child.stop();
  await rm(directory, { recursive: true });
});

function ask(path: string, host: string) {
  return sendRaw(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
}

describe('the management listener of a service', () => {
  const paths = ['/metrics', '/health/live', '/health/ready'];

  it('SR-23: tells nothing to a page whose name was resolved to it', async () => {
    for (const path of paths) {
      const answer = await ask(path, `rebound.example:${port}`);
      expect([path, answer.status]).toEqual([path, 400]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body).not.toMatch(/rebound|http_request|dependencies/);
    }
  });

  it('answers probes by an address, and whoever asks under a name that it was given', async () => {
    for (const host of [
      `127.0.0.1:${port}`,
      '10.1.2.3:9000',
      '[fd00::1]:9000',
      'localhost',
      'api:9464',
      'metrics.internal',
    ])
      for (const path of paths) expect([host, path, (await ask(path, host)).status]).toEqual([host, path, 200]);
  });
});
