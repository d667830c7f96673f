import { randomUUID } from 'node:crypto';

import { REFRESH_COOKIE } from '@redoubt/auth';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../src/users/user-store.ts';
import { createCountedHasher } from './support/counted-hasher.ts';
import { createPassword } from './support/journey.ts';
import { createRealDatabase, type RealDatabase } from './support/real-database.ts';
import { sqlAtoms, sqlKeys, sqlPayloads } from './support/sql-payloads.ts';
import { collectStringInputs, type RouteInput, type StringInput } from './support/string-inputs.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

/** What no answer may say of the database (SR-37). */
const TELLTALE = /syntax|SQLSTATE|postgres|app_runtime|password_hash|relation |unterminated|42601|22P02/i;

const PASSWORD = createPassword();

let real: RealDatabase;
let service: TestApp;
let inputs: readonly StringInput[] = [];
let admin: UserRow;
/** Who does nothing. */
let victim: UserRow;
/** Who signs in. */
let visitor: UserRow;
let before: readonly unknown[];
let requests = 0;

beforeAll(async () => {
  real = await createRealDatabase();
  const { passwordHasher } = createCountedHasher();
  service = await createTestApp(
    { database: real.database, passwordHasher },
    {
      installDocs: (app) => {
        inputs = collectStringInputs(app);
        return Promise.resolve();
      },
    },
  );
  await service.app.ready();
  admin = await service.createUser('admin');
  victim = await service.createUser('user', PASSWORD);
  visitor = await service.createUser('user', PASSWORD);
  await service.openSession(victim);
  await service.dependencies.securityEvents.settled();
  before = await read(fingerprint());
});
afterAll(async () => {
  await service.close();
  await real.drop();
});

async function read(query: RawBuilder<unknown>): Promise<readonly unknown[]> {
  let rows: readonly unknown[] = [];
  await real.asSuperuser(async (kysely) => {
    ({ rows } = await query.execute(kysely));
  });
  return rows;
}

/** What may never change: what the database is made of, its roles, and the rows of those who have done nothing. */
function fingerprint(): RawBuilder<unknown> {
  return sql`
    select 'column ' || attrelid::regclass || '.' || attname || ' ' || atttypid::regtype as fact
      from pg_attribute join pg_class c on c.oid = attrelid where relnamespace = 'public'::regnamespace and attnum > 0
    union all select 'right ' || relname || ' ' || relacl::text from pg_class where relnamespace = 'public'::regnamespace
    union all select 'role ' || row(rolname, rolsuper, rolcreaterole, rolcanlogin)::text from pg_roles
      where rolname !~ '^test_'
    union all select 'administrator ' || id::text from users where role = 'admin'
    union all select 'account ' || u::text from users u where id in (${admin.id}, ${victim.id})
    union all select 'session ' || s::text from sessions s where user_id = ${victim.id}
    order by 1`;
}

/** Sends it in the administrator's name, from an address of its own: who guesses is not what is tested here. */
async function send(method: string, url: string, input: RouteInput, headers: Record<string, string> = {}) {
  requests += 1;
  const path = url.replaceAll(/:(\w+)/g, (_match, key: string) => encodeURIComponent(String(input.params[key])));
  const query = new URLSearchParams(input.querystring as Record<string, string>).toString();
  const response = await service.app.inject({
    method: method as 'POST',
    url: query === '' ? path : `${path}?${query}`,
    remoteAddress: `10.${requests >> 16}.${(requests >> 8) & 255}.${requests & 255}`,
    headers: {
      ...(await service.as(admin)),
      'idempotency-key': randomUUID(),
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(input.body === undefined ? {} : { payload: JSON.stringify(input.body) }),
  });
  return response;
}

function none(body?: RouteInput['body']): RouteInput {
  return { params: {}, querystring: {}, body };
}

/** An answer to hostile text is a success or the client's fault, and says nothing of the database; else what it is. */
function faultOf(what: string, { statusCode, body }: Awaited<ReturnType<typeof send>>): readonly string[] {
  // Who has asked too often did not get through to what is tested.
  const isHarmless = statusCode < 500 && statusCode !== 429 && !TELLTALE.test(body);
  return isHarmless ? [] : [`${what}: ${statusCode} ${body}`];
}

/** Texts for a place: as they are, and in the form that the place demands, so that they come through to a statement. */
function textsFor({ format }: StringInput): readonly string[] {
  if (format === 'email') return [...sqlPayloads, ...sqlAtoms.map(toAddress)];
  if (format === 'uuid') return [...sqlPayloads, ...sqlPayloads.map((payload) => `${victim.id}${payload}`)];
  return sqlPayloads;
}

function toAddress(atom: string): string {
  return `${atom}@mail.example`;
}

async function expectIntact(): Promise<void> {
  await service.dependencies.securityEvents.settled();
  await service.dependencies.outbox.settled();
  expect(await read(fingerprint())).toEqual(before);
}

describe('text that would be SQL, were statements put together from it', () => {
  it('SR-77: has every place for a text of every route to go to', () => {
    expect(inputs.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'POST /api/users body.email',
        'POST /api/users body.role',
        'POST /api/auth/login body.email',
        'POST /api/auth/login body.password',
        'POST /api/auth/confirm body.token',
        'GET /api/users/:id params.id',
        'GET /api/users querystring.cursor',
        'GET /api/admin/security-events querystring.cursor',
        'DELETE /api/auth/sessions/:id params.id',
      ]),
    );
  });

  it(
    'SR-37, SR-77: is a value in every parameter of every route, and changes nothing',
    { timeout: 120_000 },
    async () => {
      const taken = new Set<string>();
      const faults: string[] = [];
      for (const input of inputs) {
        for (const text of textsFor(input)) {
          const answer = await send(input.method, input.url, input.withText(text));
          faults.push(...faultOf(`${input.name}: ${JSON.stringify(text)}`, answer));
          if (answer.statusCode !== 400) taken.add(input.name);
        }
      }
      expect(faults).toEqual([]);
      // Not all of it stopped at a schema.
      expect([...taken]).toEqual(
        expect.arrayContaining([
          'POST /api/users body.email',
          'POST /api/auth/login body.email',
          'POST /api/auth/register body.email',
        ]),
      );
      await expectIntact();
    },
  );

  const headers: Readonly<Record<string, (text: string) => string>> = {
    'user-agent': (text) => text,
    'x-request-id': (text) => text,
    traceparent: (text) => `00-${text}-01`,
    cookie: (text) => `${REFRESH_COOKIE}=${text}`,
    authorization: (text) => `Bearer ${text}`,
    accept: (text) => text,
    origin: (text) => text,
  };

  for (const [header, valueOf] of Object.entries(headers)) {
    it(`SR-37, SR-77: is a value in the header ${header}`, async () => {
      const faults: string[] = [];
      const ask = async (url: string, method: string, text: string, body?: RouteInput['body']) => {
        const hostile = { 'x-requested-with': 'test', [header]: valueOf(text) };
        faults.push(...faultOf(`${url} ${text}`, await send(method, url, none(body), hostile)));
      };
      for (const text of sqlPayloads.filter((payload) => /^[\x20-\x7e]+$/.test(payload))) {
        await ask('/api/auth/login', 'POST', text, { email: visitor.email, password: PASSWORD });
        await ask('/api/auth/refresh', 'POST', text);
        await ask('/api/users', 'GET', text);
      }
      expect(faults).toEqual([]);
      await expectIntact();
    });
  }

  it('SR-77: is stored to the letter with the session that a client began with it', async () => {
    const agents = sqlPayloads.filter((payload) => /^[\x20-\x7e]+$/.test(payload));
    for (const agent of agents) {
      const body = { email: visitor.email, password: PASSWORD };
      expect((await send('POST', '/api/auth/login', none(body), { 'user-agent': agent })).statusCode).toBe(200);
      const newest = sql`select user_agent as agent from sessions where user_id = ${visitor.id} order by id desc limit 1`;
      expect(await read(newest)).toEqual([{ agent }]);
    }
  });

  it('SR-41, SR-77: is a value in an idempotency key: one effect each, and the stored answer again', async () => {
    for (const key of sqlKeys) {
      const body = { email: toAddress(randomUUID()) };
      const first = await send('POST', '/api/users', none(body), { 'idempotency-key': key });
      const again = await send('POST', '/api/users', none(body), { 'idempotency-key': key });
      expect([key, first.statusCode, again.statusCode, again.body]).toEqual([key, 201, 201, first.body]);
      expect(await read(sql`select key from idempotency_keys where key = ${key}`)).toEqual([{ key }]);
    }
    await expectIntact();
  });

  it('SR-77: is stored to the letter, read back, and found as itself alone', async () => {
    for (const atom of sqlAtoms) {
      const email = toAddress(`${atom}${randomUUID()}`);
      const created = await send('POST', '/api/users', none({ email }));
      expect([email, created.statusCode]).toEqual([email, 201]);
      const { id } = created.json<{ id: string }>();
      const answer = await send('GET', '/api/users/:id', { ...none(), params: { id } });
      expect(answer.json<{ email: string }>().email).toBe(email);
      expect(await read(sql`select email from users where email = ${email}`)).toEqual([{ email }]);
      expect((await send('POST', '/api/users', none({ email }))).statusCode).toBe(409);
    }
  });

  it('SR-14, SR-77: lets nobody in as somebody else', async () => {
    for (const atom of sqlAtoms) {
      for (const password of [PASSWORD, "' or '1'='1"]) {
        const answer = await send('POST', '/api/auth/login', none({ email: toAddress(atom), password }));
        expect([atom, answer.statusCode]).toEqual([atom, 401]);
      }
    }
  });

  it('SR-48, SR-77: costs the audit trail no event, and the reader of it learns nothing of the database', async () => {
    const faults: string[] = [];
    for (const payload of sqlPayloads)
      faults.push(...faultOf(payload, await send('GET', `/${encodeURIComponent(payload)}`, none())));
    expect(faults).toEqual([]);
    await expectIntact();
    expect(await service.dependencies.metrics.registry.metrics()).toMatch(/^security_events_lost_total 0$/m);
    const { body } = await send('GET', '/api/admin/security-events', none());
    expect(body).not.toMatch(TELLTALE);
  });
});
