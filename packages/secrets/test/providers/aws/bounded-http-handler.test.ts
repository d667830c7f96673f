import { createFaultProxy, type Fault, type FaultProxy } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BoundedHttpHandler } from '../../../src/providers/aws/bounded-http-handler.ts';

const KIB = 1024;
const answer = { status: 200, body: 'a'.repeat(KIB) };

let proxy: FaultProxy;

beforeEach(async () => {
  proxy = await createFaultProxy({ upstream: { url: 'http://127.0.0.1:1' } });
});

afterEach(() => proxy.close());

/** A request as the SDK hands it over; none of its clients passes a signal here, as STS does not. */
function ask(handler: BoundedHttpHandler) {
  const request = { protocol: 'http:', hostname: '127.0.0.1', port: proxy.port, path: '/', method: 'GET' };
  return handler.handle({ ...request, headers: {}, query: {} } as Parameters<typeof handler.handle>[0]);
}

const silences: readonly Fault[] = [{ kind: 'hang' }, { kind: 'stall', answer }];

describe('the HTTP handler', () => {
  it.each(silences)('SR-51: ends an exchange that nobody else ends: $kind', async (silence) => {
    const controller = new AbortController();
    const handler = new BoundedHttpHandler(() => controller.signal);
    const fault = proxy.inject(silence);
    const refusal = ask(handler).catch((error: unknown) => error);
    await eventually('the request arrived', () => fault.hits === 1);
    controller.abort();
    expect(await refusal).toMatchObject({ name: 'AbortError' });
    await eventually('the socket is freed', () => fault.abandoned === 1);
    handler.destroy();
  });

  it('SR-51: reads 512 KiB, and no byte more', async () => {
    const handler = new BoundedHttpHandler();
    proxy.inject({ kind: 'answer', answer: { status: 200, body: 'a'.repeat(512 * KIB) } }, { times: 1 });
    expect((await ask(handler)).response.body).toHaveLength(512 * KIB);
    proxy.inject({ kind: 'answer', answer: { status: 200, body: 'a'.repeat(512 * KIB + 1) } });
    await expect(ask(handler)).rejects.toMatchObject({ name: 'OversizedAnswerError' });
    handler.destroy();
  });
});
