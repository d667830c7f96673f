import { Buffer } from 'node:buffer';
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import {
  anyOf,
  anyService,
  createSignatureVerifier,
  createSignedCallerKeys,
  type SignatureVerifier,
  signedIn,
} from '@redoubt/auth';
import { Secret } from '@redoubt/secrets';
import { createMemoryStore, type SharedStore } from '@redoubt/storage';
import {
  createManualClock,
  type ForgedHeaders,
  type ForgedParameters,
  type ForgedRequest,
  type ForgerKey,
  type Forgery,
  honestForgery,
  type LogCapture,
  type RawResponse,
  sendRaw,
  signForgery,
} from '@redoubt/testing';
import { Type } from '@sinclair/typebox';

import { notNeeded, type Server, type ServerOptions } from '../../src/index.ts';
import { createTestServer } from './test-server.ts';

export const BILLING = 'spiffe://example.internal/ns/billing';
export const SHIPPING = 'spiffe://example.internal/ns/shipping';

export const clock = createManualClock();

/** The keys that the server knows, by their ids, as their owners have them. */
const pairs = { 'billing-pair': generateKeyPairSync('ed25519'), 'shipping-pair': generateKeyPairSync('ed25519') };
const billingSecret = randomBytes(48).toString('base64');
export const billingPublicKey: KeyObject = pairs['billing-pair'].publicKey;
const forgerKeys: Readonly<Record<string, ForgerKey>> = {
  'billing-pair': pairs['billing-pair'].privateKey,
  'shipping-pair': pairs['shipping-pair'].privateKey,
  'billing-shared': Buffer.from(billingSecret),
};
const publicPem = (id: keyof typeof pairs): string => pairs[id].publicKey.export({ type: 'spki', format: 'pem' });

const keys = createSignedCallerKeys([
  { keyId: 'billing-pair', service: BILLING, algorithm: 'ed25519', publicKey: publicPem('billing-pair') },
  { keyId: 'billing-shared', service: BILLING, algorithm: 'hmac-sha256', secret: Secret.of(billingSecret) },
  { keyId: 'shipping-pair', service: SHIPPING, algorithm: 'ed25519', publicKey: publicPem('shipping-pair') },
]);

/** A verifier as production has it, on a store of its own unless one is given. */
export function createVerifier(store?: Pick<SharedStore, 'setIfAbsent'>): SignatureVerifier {
  return createSignatureVerifier({ keys, store: store ?? createMemoryStore({ now: clock.now }), now: clock.now });
}

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  /** In order, and as often as they are written. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** A server on a real port, with routes of each kind. */
export interface SignedServer {
  readonly app: Server;
  readonly log: LogCapture;
  readonly port: number;
  readonly host: string;
  send(request: WireRequest): Promise<RawResponse>;
}

const closed = { additionalProperties: false };
const Caller = Type.Object(
  { serviceId: Type.String({ maxLength: 99 }), text: Type.String({ maxLength: 200_000 }) },
  closed,
);
const Note = Type.Object({ text: Type.String({ maxLength: 200_000 }) }, closed);
const Params = Type.Object({ id: Type.Integer({ minimum: 0, maximum: 99 }) }, closed);
const Query = Type.Object({ q: Type.Optional(Type.String({ maxLength: 9 })) }, closed);

/** Builds and starts a server for a test. */
export async function createSignedServer(overrides: Partial<ServerOptions> = {}): Promise<SignedServer> {
  const { app, log } = await createTestServer({ signatures: createVerifier(), ...overrides });
  const response = { 200: Caller };
  const idempotency = notNeeded('a test');
  const custom = {
    name: 'a service',
    requires: { kind: 'custom', description: 'a service' },
    deniedAs: 'forbidden',
    check: ({ kind }: { kind: string }) => kind === 'service',
  } as const;
  app.get('/calls/:id', { access: anyService(), schema: { params: Params, querystring: Query, response } }, answer);
  app.post('/calls', { access: anyService(), idempotency, schema: { body: Note, response } }, answer);
  app.put('/calls', { access: anyService(), schema: { body: Note, response } }, answer);
  app.post(
    '/either',
    { access: anyOf(signedIn(), anyService()), idempotency, schema: { body: Note, response } },
    answer,
  );
  app.post('/empty', { access: anyService(), idempotency, schema: { body: Type.Null(), response } }, answer);
  app.get('/custom', { access: custom, schema: { response } }, answer);
  app.get('/user', { access: signedIn(), schema: { response } }, answer);
  app.get('/public', { access: 'public', schema: { response } }, answer);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { app, log, port, host: `127.0.0.1:${port}`, send: (request) => sendRaw(port, textOf(request)) };
}

function answer({ principal, body }: { principal: unknown; body: unknown }): { serviceId: string; text: string } {
  const serviceId = (principal as { serviceId?: string } | null)?.serviceId ?? 'nobody';
  return { serviceId, text: (body as { text?: string } | null | undefined)?.text ?? '' };
}

function textOf({ method, target, fields, body }: WireRequest): string {
  const lines = [...fields, ['Connection', 'close'] as const].map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}

/** What a test changes before a request is signed, and after. */
export interface Attack {
  readonly keyId?: string;
  readonly says?: Partial<ForgedParameters>;
  /** Signs with this in place of the key that is named. */
  readonly signWith?: ForgerKey;
  /** Changes what is signed: the signature holds. */
  readonly forge?: (forgery: Forgery) => void;
}

/** Signs a request with a known key, honestly unless `attack` says otherwise, and writes it for the wire. */
export function signed(request: ForgedRequest & { readonly body?: string }, attack: Attack = {}): WireRequest {
  const { keyId = 'billing-pair', says = {}, forge = () => undefined } = attack;
  const key = attack.signWith ?? forgerKeys[keyId];
  if (key === undefined) throw new Error('the test has the key');
  const algorithm = Buffer.isBuffer(forgerKeys[keyId]) ? 'hmac-sha256' : 'ed25519';
  const forgery = honestForgery(request, { keyId, algorithm, created: Math.floor(clock.now() / 1000), ...says });
  forge(forgery);
  const headers: ForgedHeaders = signForgery(forgery, key);
  const framing = request.body === undefined ? [] : bodyFields(request.body);
  const { method, target, host, body } = request;
  const fields = [['Host', host] as const, ...framing, ...Object.entries(headers)];
  return { method, target, fields, ...(body === undefined ? {} : { body }) };
}

/** The headers of a JSON body. */
export function bodyFields(body: string): (readonly [string, string])[] {
  return [
    ['Content-Type', 'application/json'],
    ['Content-Length', String(Buffer.byteLength(body))],
  ];
}

/** The request with one field changed, wherever it stands. */
export function withField(request: WireRequest, name: string, change: (value: string) => string): WireRequest {
  const fields = request.fields.map(([field, value]) =>
    field.toLowerCase() === name ? ([field, change(value)] as const) : ([field, value] as const),
  );
  return { ...request, fields };
}

/** The request without a field. */
export function withoutField(request: WireRequest, name: string): WireRequest {
  return { ...request, fields: request.fields.filter(([field]) => field.toLowerCase() !== name) };
}
