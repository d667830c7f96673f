import { requestContext } from '@redoubt/logging';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { type AllowedHost, createOutboundClient, type OutboundClientOptions } from '../src/index.ts';
import { faultOf } from './support/faults.ts';
import { resolving } from './support/resolvers.ts';
import { startWebServer, type WebServer } from './support/web-server.ts';

const requestId = '018f0000-0000-7000-8000-000000000001';
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let server: WebServer;
let received: NodeJS.Dict<string | string[]>;
beforeAll(async () => {
  server = await startWebServer((request, response) => {
    received = request.headers;
    response.end();
  });
});
afterAll(() => server.close());

function clientOf(entry: Omit<AllowedHost, 'host' | 'port'>, options: Partial<OutboundClientOptions> = {}) {
  const { resolveHost } = resolving(['127.0.0.1']);
  const hosts = [{ host: 'api.example', port: server.port, ...entry }];
  const client = createOutboundClient({ hosts, resolveHost, ...options });
  const scheme = entry.reach === 'loopback' ? 'http' : 'https';
  return () => client.request({ method: 'GET', url: `${scheme}://api.example:${server.port}/` });
}

const passedOn = { reach: 'loopback', correlation: 'passed-on' } as const;

describe('a call', () => {
  it('SR-47: carries the correlation id and the trace of the request that it is made for', async () => {
    await requestContext.run({ requestId, traceparent }, clientOf(passedOn));
    expect(received).toMatchObject({ 'x-request-id': requestId, traceparent });
  });

  it('SR-47: carries no trace where there is none, and nothing outside of a request', async () => {
    await requestContext.run({ requestId }, clientOf(passedOn));
    expect(received).toMatchObject({ 'x-request-id': requestId });
    expect(received).not.toHaveProperty('traceparent');
    await clientOf(passedOn)();
    expect(received).not.toHaveProperty('x-request-id');
  });

  it('SR-47: carries nothing to a host whose entry withholds it, or that is beside the service', async () => {
    await requestContext.run({ requestId, traceparent }, clientOf({ reach: 'loopback', correlation: 'withheld' }));
    expect(received).not.toHaveProperty('x-request-id');
    await requestContext.run({ requestId, traceparent }, clientOf({ reach: 'loopback' }));
    expect(received).not.toHaveProperty('x-request-id');
    expect(received).not.toHaveProperty('traceparent');
  });

  it('SR-47: asks what to carry for the own network only, where no entry says otherwise', async () => {
    const propagate = vi.fn<() => Record<string, string>>(() => ({}));
    // Neither arrives anywhere: the name leads to this machine.
    await expect(faultOf(clientOf({ reach: 'public' }, { propagate })())).resolves.toBe('address-not-allowed');
    await expect(faultOf(clientOf({ reach: 'private', correlation: 'withheld' }, { propagate })())).resolves.toBe(
      'address-not-allowed',
    );
    expect(propagate).not.toHaveBeenCalled();
    await expect(faultOf(clientOf({ reach: 'private' }, { propagate })())).resolves.toBe('address-not-allowed');
    expect(propagate).toHaveBeenCalledOnce();
  });

  it('SR-29: carries no line break, whoever says what to carry', async () => {
    const propagate = () => ({ 'x-request-id': 'a\r\nx-injected: b' });
    await expect(clientOf(passedOn, { propagate })()).rejects.toThrow(TypeError);
  });
});
