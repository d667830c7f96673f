import { Buffer } from 'node:buffer';

import { anyService, type Peer, parseSpiffeId } from '@redoubt/auth';
import { createMemoryStore, type SharedStore, SharedStoreUnavailableError } from '@redoubt/storage';
import { digestHeader, type Forgery, type RawResponse } from '@redoubt/testing';
import { Type } from '@sinclair/typebox';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ServerOptions } from '../../src/index.ts';
import { MAX_BODY_BYTES } from '../../src/limits.ts';
import {
  BILLING,
  billingPublicKey,
  bodyFields,
  clock,
  createSignedServer,
  createVerifier,
  SHIPPING,
  signed,
  type Attack,
  type SignedServer,
  type WireRequest,
  withField,
  withoutField,
} from '../support/signed-server.ts';
import { createTestServer } from '../support/test-server.ts';

const BODY = JSON.stringify({ text: 'pay 10' });

/** Starts a server for one test. */
async function withServer(
  options: Partial<ServerOptions>,
  act: (server: SignedServer) => Promise<void>,
): Promise<void> {
  const server = await createSignedServer(options);
  try {
    await act(server);
  } finally {
    await server.app.close();
  }
}

let server: SignedServer;
/** What is seen by who says nothing of who they are: every refusal looks like it. */
let nobody: unknown;
const replayed: unknown[] = [];
beforeAll(async () => {
  server = await createSignedServer({ observer: { replayed: (_request, { serviceId }) => replayed.push(serviceId) } });
  nobody = await seen({ method: 'GET', target: '/calls/1', fields: [['Host', server.host]] });
});
afterAll(() => server.app.close());

const post = (body = BODY) => ({ method: 'POST', target: '/calls', host: server.host, body });
const get = (target = '/calls/1?q=a') => ({ method: 'GET', target, host: server.host });

/** What differs with each request, and what is said to the next hop alone. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'x-request-id',
  'date',
  'connection',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
]);

/** What of an answer a caller can see. */
function shown({ status, headers, body }: RawResponse): unknown {
  const same = [...headers].filter(([name]) => !OWN_HEADERS.has(name));
  return { status, headers: same, body: body.replace(/"requestId":"[^"]+"/, '') };
}

/** What a caller sees of the answer to a request. */
async function seen(request: WireRequest): Promise<unknown> {
  return shown(await server.send(request));
}

describe('a signed request', () => {
  it('SR-42: lets its service in, with each kind of key and with several of one service', async () => {
    for (const keyId of ['billing-pair', 'billing-shared']) {
      const answer = await server.send(signed(post(), { keyId }));
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toStrictEqual({ serviceId: BILLING, text: 'pay 10' });
    }
    const other = await server.send(signed(get(), { keyId: 'shipping-pair' }));
    expect(JSON.parse(other.body)).toMatchObject({ serviceId: SHIPPING });
    expect(nobody).toMatchObject({ status: 401 });
  });

  it('SR-42: may have a query or none, no body, and a body by length or in chunks', async () => {
    for (const target of ['/calls/1', '/calls/1?q=a', '/calls/1?q=%20a'])
      expect((await server.send(signed(get(target)))).status).toBe(200);
    const empty = { ...post(), target: '/empty' };
    expect((await server.send(signed({ method: 'POST', target: '/empty', host: server.host }))).status).toBe(200);
    expect((await server.send(signed({ ...empty, body: '' }))).status).toBe(200);
    const half = BODY.length / 2;
    const chunked = withoutField(signed(post()), 'content-length');
    const chunks = [BODY.slice(0, half), BODY.slice(half), ''].map(
      (text) => `${text.length.toString(16)}\r\n${text}\r\n`,
    );
    const fields = [...chunked.fields, ['Transfer-Encoding', 'chunked'] as const];
    expect((await server.send({ ...chunked, fields, body: chunks.join('') })).status).toBe(200);
  });

  it('SR-42: may have the largest body that a route takes', async () => {
    const text = 'x'.repeat(MAX_BODY_BYTES - JSON.stringify({ text: '' }).length);
    const body = JSON.stringify({ text });
    expect(Buffer.byteLength(body)).toBe(MAX_BODY_BYTES);
    expect((await server.send(signed(post(body)))).status).toBe(200);
    expect(await seen({ ...signed(post(body)), body: `${body.slice(0, -3)}y"}` })).toStrictEqual(nobody);
  });

  it('SR-47: is known by its service on the line of the request', async () => {
    await server.send(signed(post(), { keyId: 'shipping-pair' }));
    await expect
      .poll(() => server.log.lines().at(-1))
      .toMatchObject({ msg: 'request', route: '/calls', status: 200, serviceId: SHIPPING });
  });

  it('SR-37: is not repeated by the log when it is refused', async () => {
    const request = signed(post());
    await server.send({ ...request, target: '/either' });
    await expect.poll(() => server.log.text()).toContain('"reason":"signature"');
    for (const [name, value] of request.fields)
      if (name.startsWith('signature')) expect(server.log.text()).not.toContain(value.slice(-40));
  });
});

/** Changes to a request on its way: each must cost it its signature, and leave the request as it was usable. */
const tampered: Readonly<Record<string, (request: WireRequest) => WireRequest>> = {
  'its method': (request) => ({ ...request, method: 'PUT' }),
  'its path': (request) => ({ ...request, target: '/either' }),
  'its query': (request) => ({ ...request, target: '/calls?q=b' }),
  'its host': (request) => withField(request, 'host', (host) => host.replace('127.0.0.1', 'localhost')),
  'its port': (request) =>
    withField(request, 'host', (host) => host.replace(/.$/, (digit) => String((Number(digit) + 1) % 10))),
  'its digest': (request) => withField(request, 'content-digest', () => digestHeader('{}')),
  'its body and digest': (request) => ({
    ...withField(request, 'content-digest', () => digestHeader(BODY.replace('10', '99'))),
    body: BODY.replace('10', '99'),
  }),
  'its creation': (request) => withField(request, 'signature-input', (input) => input.replace(/created=\d{9}/, '$&9')),
  'its nonce': (request) =>
    withField(request, 'signature-input', (input) => input.replace(/nonce=".{4}/, 'nonce="AAAA')),
  'its key to another': (request) =>
    withField(request, 'signature-input', (input) => input.replace('billing-pair', 'shipping-pair')),
  'its key to nobody': (request) =>
    withField(request, 'signature-input', (input) => input.replace('billing-pair', 'x')),
  'its key to a member of every object': (request) =>
    withField(request, 'signature-input', (input) => input.replace('billing-pair', '__proto__')),
  'its algorithm': (request) =>
    withField(request, 'signature-input', (input) => input.replace('ed25519', 'hmac-sha256')),
  'its tag': (request) => withField(request, 'signature-input', (input) => input.replace('service-call', 'webhook')),
  'its signature': (request) => withField(request, 'signature', (text) => text.replace(/:../, ':AA')),
  'its signature to that of another request': (request) => {
    const other = signed(post()).fields.find(([name]) => name === 'signature')?.[1] ?? '';
    return withField(request, 'signature', () => other);
  },
  'the order of its components': (request) =>
    withField(request, 'signature-input', (input) => input.replace('"@method" "@authority"', '"@authority" "@method"')),
  'the order of its parameters': (request) =>
    withField(request, 'signature-input', (input) => input.replace(/(;created=\d+)(;nonce="[^"]+")/, '$2$1')),
  'its expiry': (request) => withField(request, 'signature-input', (input) => `${input};expires=4102444800`),
};

describe('a signed request that was tampered with', () => {
  for (const [what, change] of Object.entries(tampered)) {
    it(`SR-42: is refused when somebody changed ${what}, and the true one is still taken`, async () => {
      const request = signed(post());
      expect(await seen(change(request))).toStrictEqual(nobody);
      expect((await server.send(request)).status).toBe(200);
    });
  }

  it('SR-42: is refused when its query was added or taken away', async () => {
    const [with_, without] = [signed(get('/calls/1?q=a')), signed(get('/calls/1'))];
    expect(await seen({ ...with_, target: '/calls/1' })).toStrictEqual(nobody);
    expect(await seen({ ...without, target: '/calls/1?q=a' })).toStrictEqual(nobody);
    expect((await server.send({ ...signed(get()), method: 'HEAD' })).status).toBe(401);
  });

  it('SR-42: is refused when another body follows its head, byte for byte as long', async () => {
    for (const body of [BODY.replace('10', '99'), BODY.replace(/}$/, ' '), ' '.repeat(BODY.length)]) {
      const request = signed(post());
      expect(await seen({ ...request, body })).toStrictEqual(nobody);
      // The head was good: it has been used.
      expect(await seen(request)).toStrictEqual(nobody);
    }
  });

  it('SR-42: is refused when its body was taken away, cut short or added', async () => {
    const cut = BODY.slice(0, -1);
    const shorten = (body: string): WireRequest => ({
      ...withField(signed(post()), 'content-length', () => String(body.length)),
      body,
    });
    expect(await seen(shorten(''))).toStrictEqual(nobody);
    expect(await seen(shorten(cut))).toStrictEqual(nobody);
    expect(await seen(shorten(`${BODY} `))).toStrictEqual(nobody);
    const bare = signed({ method: 'POST', target: '/calls', host: server.host });
    expect(await seen({ ...bare, fields: [...bare.fields, ...bodyFields(BODY)], body: BODY })).toStrictEqual(nobody);
  });

  it('SR-42: is refused when its body is in chunks, and another one', async () => {
    const chunked = withoutField(signed(post()), 'content-length');
    const fields = [...chunked.fields, ['Transfer-Encoding', 'chunked'] as const];
    expect(await seen({ ...chunked, fields, body: '0\r\n\r\n' })).toStrictEqual(nobody);
    const request = { ...withoutField(signed(post()), 'content-length'), body: '2\r\n{}\r\n0\r\n\r\n' };
    expect(
      await seen({ ...request, fields: [...request.fields, ['Transfer-Encoding', 'chunked'] as const] }),
    ).toStrictEqual(nobody);
  });

  it('SR-30: is refused when its body comes where no parser reads one', async () => {
    for (const method of ['GET', 'HEAD']) {
      const request = signed({ ...get('/calls/1'), method, body: BODY });
      expect((await server.send(request)).status).toBe(401);
    }
  });

  const doubled = ['signature-input', 'signature', 'content-digest', 'host'];
  for (const name of doubled) {
    it(`SR-42: is refused when it has its ${name} twice, whichever comes first`, async () => {
      for (const turn of [0, 1]) {
        const request = signed(post());
        const other = signed(post(BODY.replace('10', '99'))).fields.filter(([field]) => field.toLowerCase() === name);
        const fields = turn === 0 ? [...request.fields, ...other] : [...other, ...request.fields];
        expect((await server.send({ ...request, fields })).status).toBe(400);
        expect((await server.send(request)).status).toBe(200);
      }
    });
  }

  it('SR-42: any changed character of any covered part lets nobody in', async () => {
    const fields = ['host', 'content-digest', 'signature-input', 'signature'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...fields, 'method', 'target', 'body'),
        fc.nat(),
        fc.integer({ min: 0x21, max: 0x7e }),
        async (part, at, code) => {
          const request = signed(post());
          const change = (text: string): string => {
            const index = at % text.length;
            return `${text.slice(0, index)}${String.fromCodePoint(code)}${text.slice(index + 1)}`;
          };
          const changed = alter(request, part, change);
          fc.pre(JSON.stringify(changed) !== JSON.stringify(request));
          const { status } = await server.send(changed);
          expect(status).toBeGreaterThanOrEqual(400);
          expect(status).toBeLessThan(500);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function alter(request: WireRequest, part: string, change: (text: string) => string): WireRequest {
  if (part === 'method') return { ...request, method: change(request.method) };
  if (part === 'target') return { ...request, target: change(request.target) };
  if (part === 'body') return { ...request, body: change(request.body ?? '') };
  return withField(request, part, change);
}

const component =
  (index: number, ...replacement: Forgery['components']) =>
  ({ components }: Forgery): void => {
    components.splice(index, 1, ...replacement);
  };
const parameter =
  (index: number, ...replacement: string[]) =>
  ({ parameters }: Forgery): void => {
    parameters.splice(index, 1, ...replacement);
  };
const identifier = (index: number, change: (name: string) => string) => (forgery: Forgery) => {
  const [name = '', value = ''] = forgery.components[index] ?? [];
  forgery.components.splice(index, 1, [change(name), value]);
};

/** Signatures that hold over something else than the profile: only the profile refuses them. */
const outOfProfile: Readonly<Record<string, Attack>> = {
  'does not cover the method': { forge: component(0) },
  'does not cover the host': { forge: component(1) },
  'does not cover the path': { forge: component(2) },
  'does not cover the query': { forge: component(3) },
  'does not cover the digest': { forge: component(4) },
  'covers nothing': { forge: ({ components }) => components.splice(0) },
  'covers its components in another order': {
    forge: ({ components }) => components.splice(0, 5, ...components.toReversed()),
  },
  'covers one component twice': { forge: component(0, ['"@method"', 'POST'], ['"@method"', 'POST']) },
  'covers a header that nobody asked for': { forge: component(5, ['"content-type"', 'application/json']) },
  'covers a component with a parameter': { forge: identifier(4, (name) => `${name};sf`) },
  'covers a component in upper case': { forge: identifier(4, () => '"Content-Digest"') },
  'covers the address as a whole': { forge: component(1, ['"@target-uri"', 'http://127.0.0.1/calls']) },
  'names no time': { forge: parameter(0) },
  'names no nonce': { forge: parameter(1) },
  'names no key': { forge: parameter(2) },
  'names no algorithm': { forge: parameter(3) },
  'names no tag': { forge: parameter(4) },
  'names a short nonce': { forge: parameter(1, 'nonce="abcdefghijklmnopqrstu"') },
  'names a time twice': { forge: ({ parameters }) => parameters.push(parameters[0] ?? '') },
  'names a nonce twice': { forge: ({ parameters }) => parameters.push('nonce="aaaaaaaaaaaaaaaaaaaaaa"') },
  'names a key in upper case': { forge: parameter(2, 'KeyId="billing-pair"') },
  'names a parameter that nobody knows': { forge: ({ parameters }) => parameters.push('x="1"') },
  'has a space between parameters': { forge: ({ parameters }) => parameters.splice(1, 1, ` ${parameters[1] ?? ''}`) },
  'has a space in its list': { forge: identifier(4, (name) => `${name} `) },
  'has an escape in a string': { forge: parameter(4, String.raw`tag="service-\call"`) },
  'is for webhooks': { says: { tag: 'webhook' } },
  'is for something else': { says: { tag: 'web-bot-auth' } },
  'is 301 s old': { says: { created: Math.floor(clock.now() / 1000) - 301 } },
  'is from 31 s ahead': { says: { created: Math.floor(clock.now() / 1000) + 31 } },
  'has expired': { forge: ({ parameters }) => parameters.push(`expires=${Math.floor(clock.now() / 1000) - 1}`) },
  'expires before its creation': {
    says: { created: Math.floor(clock.now() / 1000) + 20 },
    forge: ({ parameters }) => parameters.push(`expires=${Math.floor(clock.now() / 1000) + 10}`),
  },
  'has the digest of another algorithm': { forge: forgeDigest((digest) => digest.replace('sha-256', 'sha-512')) },
  'has two digests': { forge: forgeDigest((digest) => `${digest}, ${digest}`) },
  'has a digest without its padding': { forge: forgeDigest((digest) => digest.replace('=:', ':').replace(/=$/, '')) },
  'has a digest with a space': { forge: forgeDigest((digest) => digest.replace('=:', '= :')) },
  'was made with the public key as a secret': {
    says: { algorithm: 'hmac-sha256' },
    signWith: Buffer.from(billingPublicKey.export({ type: 'spki', format: 'pem' })),
  },
  'was made with the bytes of the public key as a secret': {
    says: { algorithm: 'hmac-sha256' },
    signWith: billingPublicKey.export({ type: 'spki', format: 'der' }).subarray(-32),
  },
  'was made with a secret that is empty': { says: { algorithm: 'hmac-sha256' }, signWith: Buffer.alloc(0) },
  'names another algorithm than the one of its key': { says: { algorithm: 'hmac-sha256' } },
  'names no algorithm at all': { says: { algorithm: 'none' } },
};

function forgeDigest(change: (digest: string) => string) {
  return (forgery: Forgery): void => {
    forgery.digest = change(forgery.digest ?? '');
    forgery.components.splice(4, 1, ['"content-digest"', forgery.digest]);
  };
}

describe('a signature that holds, and is not of the profile', () => {
  for (const [what, attack] of Object.entries(outOfProfile)) {
    it(`SR-42: is refused when it ${what}`, async () => {
      expect(await seen(signed(post(), attack))).toStrictEqual(nobody);
    });
  }

  /** Changes on the wire that a lenient reader would not see; the rest of the request is true. */
  const respelt: Readonly<Record<string, (request: WireRequest) => WireRequest>> = {
    'has no Signature header': (request) => withoutField(request, 'signature'),
    'has no Signature-Input header': (request) => withoutField(request, 'signature-input'),
    'has two signatures under two labels': (request) => {
      const second = (value: string): string => `${value}, ${value.replace('sig', 'sig2')}`;
      return withField(withField(request, 'signature-input', second), 'signature', second);
    },
    'has a second signature that nothing describes': (request) =>
      withField(request, 'signature', (value) => `${value}, ${value.replace('sig', 'sig2')}`),
    'has a description under another label': (request) =>
      withField(request, 'signature-input', (value) => value.replace('sig', 'sig2')),
    'has its one label twice': (request) => withField(request, 'signature', (value) => `${value}, ${value}`),
    'has a parameter at its signature': (request) => withField(request, 'signature', (value) => `${value};x`),
    'has its signature without padding': (request) =>
      withField(request, 'signature', (value) => value.replace('==', '')),
    'has bits in the padding of its signature': (request) =>
      withField(request, 'signature', (value) =>
        value.replace(/.==/, (end) => `${String.fromCodePoint((end.codePointAt(0) ?? 0) + 1)}==`),
      ),
    'has a space in its signature': (request) =>
      withField(request, 'signature', (value) => value.replace(/:..../, '$& ')),
    'has its signature in base64url': (request) => withField(request, 'signature', (value) => value.replace('==', '')),
    'has a space behind its label': (request) =>
      withField(request, 'signature-input', (value) => value.replace('=', '= ')),
  };
  for (const [what, respell] of Object.entries(respelt)) {
    it(`SR-42: is refused when it ${what}, and the true one is still taken`, async () => {
      const request = signed(post());
      expect(await seen(respell(request))).toStrictEqual(nobody);
      expect((await server.send(request)).status).toBe(200);
    });
  }
});

describe('a signed request that comes again', () => {
  it('SR-42: is refused, and told of with the name of its service', async () => {
    const request = signed(post());
    expect((await server.send(request)).status).toBe(200);
    replayed.length = 0;
    expect(await seen(request)).toStrictEqual(nobody);
    expect(await seen({ ...request, fields: request.fields.toReversed() })).toStrictEqual(nobody);
    expect(replayed).toStrictEqual([BILLING, BILLING]);
  });

  it('SR-42: is taken exactly once of 20 at once', async () => {
    const request = signed(post());
    const answers = await Promise.all(Array.from({ length: 20 }, () => server.send(request)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toStrictEqual([
      200,
      ...Array.from({ length: 19 }, () => 401),
    ]);
  });

  it('SR-42: is another one with another key, though the nonce is the same', async () => {
    const forge = parameter(1, 'nonce="the-same-nonce-of-two-keys"');
    for (const keyId of ['billing-pair', 'billing-shared', 'shipping-pair']) {
      expect((await server.send(signed(post(), { keyId, forge }))).status).toBe(200);
      expect(await seen(signed(post(BODY.replace('10', '11')), { keyId, forge }))).toStrictEqual(nobody);
    }
  });

  it('SR-30: is not let in while the store is away, and the caller is told to come again', async () => {
    const away = { setIfAbsent: () => Promise.reject(new SharedStoreUnavailableError('c4n4ry')) };
    await withServer({ signatures: createVerifier(away) }, async ({ send, host }) => {
      const answer = await send(signed({ ...post(), host }));
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toStrictEqual(['1']);
      expect(answer.headers.has('www-authenticate')).toBe(false);
      expect(answer.body).not.toContain('c4n4ry');
      expect((await send(signed({ ...post(), host }, { keyId: 'billing-pair', says: { keyId: 'x' } }))).status).toBe(
        401,
      );
    });
  });

  const failing = {
    throws: () => {
      throw new TypeError('c4n4ry');
    },
    rejects: () => Promise.reject(new TypeError('c4n4ry')),
    'answers nothing': () => undefined as never,
    'answers nobody': () => Promise.resolve({ bodyDigest: undefined } as never),
  };
  for (const [what, signatures] of Object.entries(failing)) {
    it(`SR-30: a verifier that ${what} lets nobody in`, async () => {
      await withServer({ signatures }, async ({ send, host }) => {
        const answer = await send(signed({ ...post(), host }));
        expect(answer.status).toBe(401);
        expect(answer.body).not.toContain('c4n4ry');
      });
    });
  }

  it('SR-30: is refused even when nobody could be told of it', async () => {
    const replayed = (): never => {
      throw new Error('the log is full');
    };
    await withServer({ observer: { replayed } }, async ({ send, host }) => {
      const request = signed({ ...post(), host });
      expect((await send(request)).status).toBe(200);
      expect((await send(request)).status).toBe(401);
    });
  });
});

describe('who else may be calling', () => {
  const peerOf = (id: string): Peer => ({ kind: 'service', serviceId: parseSpiffeId(id) });
  const edge: Peer = { kind: 'edge', serviceId: parseSpiffeId('spiffe://example.internal/edge') };

  it("SR-30: a request with a token is its user's or nobody's, whoever signed it", async () => {
    const own = signed({ ...post(), target: '/either' });
    const withToken = (token: string): WireRequest => ({
      ...own,
      fields: [...own.fields, ['Authorization', `Bearer ${token}`]],
    });
    expect((await server.send(withToken('wrong'))).status).toBe(401);
    const answer = await server.send(withToken('token-of-ada'));
    expect(JSON.parse(answer.body)).toMatchObject({ serviceId: 'nobody' });
    // Nobody looked at the signature, so that it is still good.
    expect((await server.send(own)).status).toBe(200);
  });

  it('SR-28: a certificate does not make good a bad signature, nor one of another service', async () => {
    await withServer({ peers: () => peerOf(BILLING) }, async ({ send, host }) => {
      const bare = { method: 'GET', target: '/calls/1', fields: [['Host', host]] as const };
      expect((await send(bare)).status).toBe(200);
      expect((await send(signed({ ...get(), host }))).status).toBe(200);
      expect((await send({ ...signed({ ...get(), host }), target: '/calls/2' })).status).toBe(401);
      expect((await send(signed({ ...get(), host }, { keyId: 'shipping-pair' }))).status).toBe(401);
    });
  });

  it('SR-42: through the edge a service is known by its signature alone', async () => {
    await withServer({ peers: () => edge }, async ({ send, host }) => {
      expect((await send({ method: 'GET', target: '/calls/1', fields: [['Host', host]] })).status).toBe(401);
      expect((await send(signed({ ...get(), host }))).status).toBe(200);
    });
  });

  it('SR-42: only routes that may let a service in look at a signature', async () => {
    const asked: string[] = [];
    const memory: SharedStore = createMemoryStore({ now: clock.now });
    const store = {
      setIfAbsent: (key: string, value: string, ttlMs: number) => {
        asked.push(key);
        return memory.setIfAbsent(key, value, ttlMs);
      },
    };
    await withServer({ signatures: createVerifier(store) }, async ({ send, host }) => {
      expect((await send(signed({ ...get('/user'), host }))).status).toBe(401);
      expect((await send(signed({ ...get('/public'), host }))).status).toBe(200);
      expect(asked).toStrictEqual([]);
      expect((await send(signed({ ...get('/custom'), host }))).status).toBe(200);
      expect(asked).toHaveLength(1);
    });
  });

  it('SR-42: a server that was given no keys lets no signature in', async () => {
    const { app } = await createTestServer();
    app.get('/x', { access: anyService(), schema: { response: { 204: Type.Null() } } }, (_request, reply) => {
      reply.code(204).send(null);
    });
    const headers = Object.fromEntries(signed({ method: 'GET', target: '/x', host: 'localhost' }).fields);
    expect((await app.inject({ url: '/x', headers })).statusCode).toBe(401);
  });
});
