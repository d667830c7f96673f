import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestAuthority, loopbackServer } from '../certificates/test-authority.ts';
import type { DatabaseUsers } from './database-engine.ts';
import type { JsonObject, VaultReply } from './reply.ts';
import { type VaultRequest, VaultState } from './vault-state.ts';

/** What a stand-in is made of. */
export interface VaultStandInOptions {
  /** Milliseconds since 1970; a manual clock lets leases and tokens end. Default: the system's. */
  readonly now?: () => number;
  /** Makes real users where the database engine makes credentials. Default: nobody. */
  readonly users?: DatabaseUsers;
}

/** How a stand-in answers everything: as it should, or with 503, 429, or a redirect to the active node. */
export type VaultMode = 'serving' | 'sealed' | 'throttled' | 'standby';

/** A server that speaks as much of the HTTP API of Vault and OpenBao as a service and its tests use. */
export interface VaultStandIn {
  /** Of the HTTPS listener, on the loopback. */
  readonly address: string;
  /** The authority of its certificate, in PEM. */
  readonly authority: string;
  /** May do everything, in every namespace. */
  readonly rootToken: string;
  setMode(mode: VaultMode): void;
  /** Revokes what has ended by now; every request does so, too. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts one on a free port of the loopback. It is written from the documentation of the HTTP API, and held to it by
 * tests that run against a real OpenBao as well. It is set up by that API, too: see `VaultAdmin`.
 */
export async function createVaultStandIn({ now = Date.now, users }: VaultStandInOptions = {}): Promise<VaultStandIn> {
  const authority = createTestAuthority();
  const { certificate, key } = authority.issue(loopbackServer);
  const rootToken = `s.${randomBytes(18).toString('hex')}`;
  const state = new VaultState({ now, users }, rootToken);
  const server = createServer({ cert: certificate, key, minVersion: 'TLSv1.2' }, (incoming, response) => {
    handle(state, incoming).then(
      (reply) => send(response, reply),
      // A fault of the stand-in itself: the test that met it sees a 500.
      (error: unknown) => send(response, { status: 500, body: { errors: [String(error)] } }),
    );
  });
  const port = await listen(server);
  return {
    address: `https://127.0.0.1:${port}`,
    authority: authority.certificate,
    rootToken,
    setMode: (mode) => state.setMode(mode),
    settle: () => state.settle(),
    close: () => close(server),
  };
}

async function handle(state: VaultState, incoming: IncomingMessage): Promise<VaultReply> {
  const url = new URL(incoming.url ?? '/', 'https://vault.invalid');
  const token = headerOf(incoming, 'x-vault-token');
  const request: VaultRequest = {
    method: incoming.method === 'PUT' ? 'POST' : (incoming.method ?? 'GET'),
    path: decodeURIComponent(url.pathname.replace(/^\/v1\//, '')),
    isList: url.searchParams.get('list') === 'true',
    namespace: headerOf(incoming, 'x-vault-namespace')?.replace(/\/$/, '') ?? '',
    isToBeWrapped: headerOf(incoming, 'x-vault-wrap-ttl') !== undefined,
    body: await readBody(incoming),
    ...(token === undefined ? {} : { token }),
  };
  return state.answer(request);
}

function headerOf(incoming: IncomingMessage, name: string): string | undefined {
  const value = incoming.headers[name];
  return typeof value === 'string' ? value : undefined;
}

async function readBody(incoming: IncomingMessage): Promise<JsonObject> {
  const chunks: string[] = [];
  for await (const chunk of incoming.setEncoding('utf8')) chunks.push(String(chunk));
  const text = chunks.join('');
  return text === '' ? {} : (JSON.parse(text) as JsonObject);
}

function send(response: ServerResponse, { status, body, headers }: VaultReply): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function listen(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  return promise;
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
