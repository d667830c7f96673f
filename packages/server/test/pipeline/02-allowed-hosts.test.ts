import type { AddressInfo } from 'node:net';

import { sendRaw } from '@redoubt/testing';
import { Type } from '@sinclair/typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type AllowedHosts } from '../../src/index.ts';
import { createTestServer, type TestServer } from '../support/test-server.ts';

/** As a listener for the inside of the network has them. */
const inside: AllowedHosts = { names: ['localhost', 'api', 'metrics.internal'], addresses: 'any' };

let server: TestServer;
let port: number;
let asked = 0;

beforeAll(async () => {
  server = await createTestServer({ allowedHosts: inside });
  const response = { 204: Type.Null() };
  server.app.get('/metrics', { access: 'public', schema: { response } }, (_request, reply) => {
    asked += 1;
    reply.code(204).send(null);
  });
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  port = (server.app.server.address() as AddressInfo).port;
});
afterAll(() => server.app.close());

async function ask(headers: string): Promise<{ readonly status: number; readonly reached: boolean }> {
  asked = 0;
  const { status } = await sendRaw(port, `GET /metrics HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
  return { status, reached: asked > 0 };
}

describe('a listener for the inside of the network', () => {
  it.each([
    'localhost',
    'LocalHost:9000',
    'api:9464',
    'metrics.internal',
    '127.0.0.1:9000',
    '10.1.2.3:9000',
    '192.0.2.1',
    '[::1]:9000',
    '[fd00::17]:9000',
    '[::ffff:10.0.0.1]',
  ])('answers who asks for %s', async (host) => {
    expect(await ask(`Host: ${host}\r\n`)).toEqual({ status: 204, reached: true });
  });

  it.each([
    'rebound.example',
    'rebound.example:9000',
    'localhost.rebound.example',
    'api.rebound.example',
    '127.0.0.1.rebound.example',
    'xapi',
    'localhost.',
    'ip6-localhost',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '127.1',
    '2130706433',
    '1.2.3.4.5',
    '256.1.1.1',
    '[::1',
    '[1.2.3.4]x',
    '[]',
    '[::g]',
    '[1.2.3.4.5]',
    '::1',
    '127.0.0.1@rebound.example',
    'rebound.example, localhost',
    '',
  ])('SR-23: refuses a name that anybody could have resolved to it, and what is no host: %j', async (host) => {
    expect(await ask(`Host: ${host}\r\n`)).toEqual({ status: 400, reached: false });
  });

  it('SR-23: is not talked into a name of its own', async () => {
    const forged = 'X-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\nOrigin: http://localhost\r\n';
    expect(await ask(`Host: rebound.example\r\n${forged}`)).toEqual({ status: 400, reached: false });
    expect(await ask('Host: rebound.example\r\nHost: localhost\r\n')).toEqual({ status: 400, reached: false });
  });

  it.each(['API', 'api:9464', 'http://api', '::1', ''])(
    'SR-23: does not start with the name %j, which no header matches',
    async (name) => {
      const allowedHosts = { names: [name], addresses: 'any' } as const;
      await expect(createTestServer({ allowedHosts })).rejects.toThrow(TypeError);
    },
  );
});
