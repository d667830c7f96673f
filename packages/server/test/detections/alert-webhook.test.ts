import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  createRequestSigner,
  createSignatureVerifier,
  createSignedCallerKeys,
  createSignedOutboundClient,
  isDigestOf,
} from '@redoubt/auth';
import { createLogger, type SecurityEvent } from '@redoubt/logging';
import { createOutboundClient } from '@redoubt/outbound';
import { Secret } from '@redoubt/secrets';
import { createMemoryStore } from '@redoubt/storage';
import { createLogCapture } from '@redoubt/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { createAlertWebhook } from '../../src/index.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const alert: SecurityEvent = {
  id: '019d0f7c-0000-7000-8000-000000000001',
  name: 'alert_token_reuse',
  severity: 'critical',
  occurredAt: '2026-11-23T21:30:15.007Z',
  actorId: 'user-1',
  details: { count: 1 },
};

interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

function untilTheEnd(_milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve());
  return promise;
}

/** A receiver that answers with the given statuses in turn, the last one for ever; `0` answers nothing. */
async function startReceiver(statuses: readonly number[]) {
  const received: Received[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const status = statuses[Math.min(received.length, statuses.length - 1)] ?? 200;
    received.push({ request, body });
    if (status !== 0) response.writeHead(status).end();
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Uint8Array) => {
      body += new TextDecoder().decode(chunk);
    });
    request.on('end', () => answer(request, response, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { received, port: (server.address() as AddressInfo).port };
}

function createWebhook(port: number, pausing: 'skipped' | 'until the end' = 'skipped') {
  const key = Secret.of(randomBytes(32).toString('base64url'));
  const log = createLogCapture();
  const pauses: number[] = [];
  let now = 0;
  const counts = { lost: 0 };
  const client = createOutboundClient({ hosts: [{ host: '127.0.0.1', port, reach: 'loopback' }] });
  const signer = createRequestSigner({ keyId: 'alert-webhook', algorithm: 'hmac-sha256', key, tag: 'webhook' });
  const webhook = createAlertWebhook({
    client: createSignedOutboundClient(client, signer),
    url: `http://127.0.0.1:${port}/alerts`,
    logger: createLogger({ service: 'test', level: 'debug', destination: log.destination }),
    now: () => now,
    onLost: () => {
      counts.lost += 1;
    },
    pause: pausing === 'skipped' ? skip : untilTheEnd,
  });
  function skip(milliseconds: number): Promise<void> {
    pauses.push(milliseconds);
    now += milliseconds;
    return Promise.resolve();
  }
  return { webhook, key, log, pauses, counts };
}

describe('the webhook for alerts', () => {
  it('SR-42, SR-46: gets the event, signed for webhooks, and not twice', async () => {
    const { received, port } = await startReceiver([204]);
    const { webhook, key, counts } = createWebhook(port);
    webhook.send(alert);
    await webhook.close();
    expect(received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([alert]);
    const [{ request, body } = { request: undefined, body: '' }] = received;
    if (request === undefined) throw new Error('nothing came');
    const verify = createSignatureVerifier({
      keys: createSignedCallerKeys([
        {
          algorithm: 'hmac-sha256',
          keyId: 'alert-webhook',
          secret: key,
          service: 'spiffe://example.internal/redoubt',
        },
      ]),
      store: createMemoryStore({ now: Date.now }),
      tag: 'webhook',
    });
    const { bodyDigest } = await verify(request);
    expect(bodyDigest !== undefined && isDigestOf(bodyDigest, new TextEncoder().encode(body))).toBe(true);
    expect(counts.lost).toBe(0);
  });

  it('SR-46: is tried again while it is busy, with pauses that grow', async () => {
    const { received, port } = await startReceiver([503, 429, 500, 200]);
    const { webhook, pauses, counts } = createWebhook(port);
    webhook.send(alert);
    await expect.poll(() => received.length).toBe(4);
    await webhook.close();
    expect(pauses).toEqual([1_000, 3_000, 9_000]);
    expect(new Set(received.map(({ request }) => request.headers['signature'])).size).toBe(4);
    expect(counts.lost).toBe(0);
  });

  for (const [what, statuses, tries] of [
    ['stays away', [503], 5],
    ['refuses for good', [400], 1],
    ['leads elsewhere', [307], 1],
  ] as const) {
    it(`SR-46: that ${what} is a log line and a number, after ${tries} tries`, async () => {
      const { received, port } = await startReceiver(statuses);
      const { webhook, log, counts } = createWebhook(port);
      webhook.send(alert);
      await expect.poll(() => counts.lost).toBe(1);
      await webhook.close();
      expect(received).toHaveLength(tries);
      expect(log.text()).toContain('an alert did not reach the webhook');
    });
  }

  it('SR-38: that is busy at the end of the process gets one more try, and no pause', async () => {
    const { received, port } = await startReceiver([503]);
    const { webhook, counts } = createWebhook(port, 'until the end');
    webhook.send(alert);
    await expect.poll(() => received.length).toBe(1);
    await webhook.close();
    expect([received.length, counts.lost]).toEqual([2, 1]);
  });

  it('SR-40: that hangs holds nobody: alerts beyond a hundred are dropped, and the end gives up', async () => {
    const { port } = await startReceiver([0]);
    const { webhook, counts } = createWebhook(port);
    for (let index = 0; index < 150; index += 1) webhook.send(alert);
    expect(counts.lost).toBeGreaterThanOrEqual(49);
    await webhook.close();
    expect(counts.lost).toBe(150);
  });
});
