import { createServer, request, Agent, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { eventually } from '../src/contracts/eventually.ts';
import { createFaultProxy, createTestAuthority, type FaultProxy, loopbackServer } from '../src/index.ts';

const MIB = 1024 * 1024;
const authority = createTestAuthority();
const upstream = createServer((incoming, response) => {
  void buffer(incoming).then((body) => {
    response.setHeader('x-upstream', 'yes');
    response.end(`${incoming.method} ${incoming.url} ${incoming.headers.host} ${body.toString()}`);
  });
});
let upstreamUrl: string;
let proxy: FaultProxy;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    upstream.listen(0, '127.0.0.1', resolve);
  });
  upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  proxy = await createFaultProxy({ upstream: { url: upstreamUrl } });
});

afterEach(() => proxy.clear());

afterAll(async () => {
  await proxy.close();
  agent.destroy();
  upstream.close();
});

function open(path: string, signal?: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request(`${proxy.url}${path}`, { method: 'POST', agent, ...(signal && { signal }) }, resolve);
  outgoing.on('error', reject);
  outgoing.end('body');
  return promise;
}

async function ask(path: string): Promise<string> {
  return (await buffer(await open(path))).toString();
}

describe('the fault proxy', () => {
  it('passes requests and answers on as they are, and keeps what it saw', async () => {
    const incoming = await open('/a?b=c');
    expect(incoming.headers['x-upstream']).toBe('yes');
    expect((await buffer(incoming)).toString()).toBe(`POST /a?b=c 127.0.0.1:${proxy.port} body`);
    const seen = proxy.requests.at(-1);
    expect(seen).toMatchObject({ method: 'POST', path: '/a?b=c' });
    expect(seen?.body.toString()).toBe('body');
  });

  it('speaks TLS on both sides', async () => {
    const tls = authority.issue(loopbackServer);
    const inner = await createFaultProxy({ upstream: { url: upstreamUrl }, tls });
    const outer = await createFaultProxy({ upstream: { url: inner.url, ca: authority.certificate }, tls });
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    requestHttps(`${outer.url}/x`, { ca: authority.certificate }, resolve).on('error', reject).end();
    expect((await buffer(await promise)).toString()).toContain('GET /x');
    outer.inject({ kind: 'cut' });
    await expect(
      new Promise((fulfil, fail) => {
        requestHttps(`${outer.url}/x`, { ca: authority.certificate }, fulfil).on('error', fail).end();
      }),
    ).rejects.toMatchObject({ code: 'ECONNRESET' });
    await Promise.all([outer.close(), inner.close()]);
  });

  it('answers by itself, so many times, and only what the predicate is true of', async () => {
    const fault = proxy.inject(
      { kind: 'answer', answer: { status: 503, headers: { 'x-fault': 'yes' }, body: 'away' } },
      { times: 2, when: ({ path }) => path === '/one' },
    );
    expect(await ask('/other')).toContain('POST /other');
    const incoming = await open('/one');
    expect([incoming.statusCode, incoming.headers['x-fault']]).toEqual([503, 'yes']);
    incoming.resume();
    expect(await ask('/one')).toBe('away');
    expect(await ask('/one')).toContain('POST /one');
    expect(fault).toMatchObject({ hits: 2, abandoned: 0 });
  });

  it('makes the fault that was injected last, until it is removed', async () => {
    proxy.inject({ kind: 'answer', answer: { status: 500, body: 'first' } });
    const last = proxy.inject({ kind: 'answer', answer: { status: 500, body: 'last' } });
    expect(await ask('/')).toBe('last');
    last.remove();
    expect(await ask('/')).toBe('first');
    proxy.clear();
    expect(await ask('/')).toContain('POST');
  });

  it('hangs, and tells when the client gave up', async () => {
    const fault = proxy.inject({ kind: 'hang' });
    const controller = new AbortController();
    const pending = open('/', controller.signal);
    await eventually('the request arrived', () => fault.hits === 1);
    expect(fault.abandoned).toBe(0);
    controller.abort();
    await expect(pending).rejects.toThrow('aborted');
    await eventually('the client gave up', () => fault.abandoned === 1);
  });

  it('cuts a connection without an answer', async () => {
    const fault = proxy.inject({ kind: 'cut' });
    await expect(open('/')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(fault).toMatchObject({ hits: 1, abandoned: 0 });
  });

  it('sends half of an answer, and cuts the connection or leaves it', async () => {
    proxy.inject({ kind: 'truncate', answer: { status: 200, body: 'abcdef' } }, { times: 1 });
    await expect(buffer(await open('/'))).rejects.toThrow('aborted');
    const fault = proxy.inject({ kind: 'stall' });
    const incoming = await open('/');
    const [first] = (await incoming.take(1).toArray()) as unknown[];
    expect(String(first)).toMatch(/^POST/);
    await eventually('the client gave up', () => fault.abandoned === 1);
  });

  it('floods, and tells when the client ended it early', async () => {
    const flood = { kind: 'flood', answer: { status: 200, body: '{"a":"' }, totalBytes: 64 * MIB } as const;
    const fault = proxy.inject(flood);
    (await open('/')).destroy();
    await eventually('the client ended it', () => fault.abandoned === 1);
    fault.remove();
    const whole = proxy.inject({ ...flood, totalBytes: MIB });
    expect(await ask('/')).toHaveLength(MIB + 6);
    expect(whole.abandoned).toBe(0);
  });

  it('asks the upstream when it is told to', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fault = proxy.inject({ kind: 'delay', until: promise });
    const pending = ask('/late');
    await eventually('the request arrived', () => fault.hits === 1);
    resolve();
    expect(await pending).toContain('POST /late');
  });

  it('resets idle connections, and takes new ones', async () => {
    await ask('/');
    expect(proxy.connections).toBeGreaterThan(0);
    proxy.cutConnections();
    await eventually('they are closed', () => proxy.connections === 0);
    expect(await ask('/')).toContain('POST');
  });

  it('answers 502 when the upstream is away', async () => {
    const lonely = await createFaultProxy({ upstream: { url: 'http://127.0.0.1:1' } });
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    request(lonely.url, { agent: false }, resolve).on('error', reject).end();
    expect((await promise).statusCode).toBe(502);
    await lonely.close();
  });
});
