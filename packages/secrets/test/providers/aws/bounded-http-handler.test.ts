import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createFaultProxy, type FaultProxy } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundedHttpHandler } from '../../../src/providers/aws/bounded-http-handler.ts';

const KIB = 1024;
const answer = { status: 200, body: 'a'.repeat(KIB) };

let proxy: FaultProxy;

beforeEach(async () => {
  proxy = await createFaultProxy({ upstream: { url: 'http://127.0.0.1:1' } });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await proxy.close();
});

/** A request as the SDK hands it over: with the signal of a reader, or without one, as STS is asked. */
function ask(handler: BoundedHttpHandler, abortSignal?: AbortSignal) {
  const request = { protocol: 'http:', hostname: '127.0.0.1', port: proxy.port, path: '/', method: 'GET' };
  const options = abortSignal === undefined ? {} : { abortSignal };
  return handler.handle({ ...request, headers: {}, query: {} } as Parameters<typeof handler.handle>[0], options);
}

/** Resolves once the client has the head of an answer: what comes after that is its body. */
function watchHeads(): () => Promise<void> {
  const inner = vi.spyOn(NodeHttpHandler.prototype, 'handle');
  return () => eventually('the head arrived', () => inner.mock.settledResults[0]?.type === 'fulfilled');
}

describe('the HTTP handler', () => {
  it.each([
    ["beside a reader's signal", new AbortController().signal],
    ['where nobody else would', undefined],
  ])('SR-51: ends at its deadline what is not answered, %s', async (_where, signal) => {
    const deadline = new AbortController();
    const handler = new BoundedHttpHandler(() => deadline.signal);
    const fault = proxy.inject({ kind: 'hang' });
    const refusal = ask(handler, signal).catch((error: unknown) => error);
    await eventually('the request arrived', () => fault.hits === 1);
    deadline.abort();
    expect(await refusal).toMatchObject({ name: 'AbortError' });
    await eventually('the socket is freed', () => fault.abandoned === 1);
    handler.destroy();
  });

  it.each(["the reader's signal", 'its deadline'])('SR-51: ends with %s an answer that stops half way', async (by) => {
    const [reader, deadline] = [new AbortController(), new AbortController()];
    const handler = new BoundedHttpHandler(() => deadline.signal);
    const headArrived = watchHeads();
    const fault = proxy.inject({ kind: 'stall', answer });
    const refusal = ask(handler, reader.signal).catch((error: unknown) => error);
    await headArrived();
    (by === 'its deadline' ? deadline : reader).abort();
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
