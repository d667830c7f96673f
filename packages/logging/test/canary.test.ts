import { describe, expect, it } from 'vitest';
import { createSecurityEventLog, type Logger } from '../src/index.ts';
import { captureLog } from './captured-log.ts';
import { createCanary, createShortCanary, formsOf } from './canary.ts';

type Place = (logger: Logger, canary: string) => void;

function throwing(canary: string): Error {
  return new Error(`refused: ${canary}`);
}

/** A driver's error, as PostgreSQL's describes itself. */
function databaseError(canary: string): Error {
  return Object.assign(new Error('duplicate key value violates unique constraint "users_key"'), {
    code: '23505',
    severity: 'ERROR',
    detail: `Failing row contains (1, ${canary}, admin).`,
    where: `COPY users, line 1: "${canary}"`,
    parameters: [canary],
  });
}

/** SR-43's twelve places. The canary is shaped like a token: its shape gives it away where nothing else does. */
const places: Record<string, Place> = {
  body: (logger, canary) => logger.info({ body: { note: canary, password: canary } }, 'body'),
  query: (logger, canary) => logger.info({ query: `?page=1&token=${canary}&note=${canary}` }, `GET /x?code=${canary}`),
  header: (logger, canary) =>
    logger.info({ headers: { authorization: `Bearer ${canary}`, 'x-note': canary }, raw: ['X-Api-Key', canary] }),
  cookie: (logger, canary) => logger.info({ cookie: `__Host-refresh=${canary}` }, `Cookie: a=1; b=${canary}`),
  nested: (logger, canary) => logger.info({ a: { b: { c: { d: { secret: canary, e: canary } } } } }),
  array: (logger, canary) => logger.info({ list: [canary, [canary], { refreshToken: canary }, ['password', canary]] }),
  'error message': (logger, canary) => logger.error(throwing(canary)),
  stack: (logger, canary) => {
    const error = throwing(canary);
    error.message = 'replaced';
    logger.error({ err: error, stack: error.stack });
  },
  'URL path': (logger, canary) => logger.info({ url: new URL(`https://user:${canary}@example.test/reset/${canary}`) }),
  'database error': (logger, canary) => logger.error(databaseError(canary), `insert failed for "${canary}"`),
  'upstream error': (logger, canary) =>
    logger.error(Object.assign(new Error(`502: {"access_token":"${canary}"}`), { response: { data: canary } })),
  'exception cause': (logger, canary) => {
    const failures = new AggregateError([throwing(canary)], 'all failed', { cause: { reason: canary } });
    logger.error(new Error('outer', { cause: new Error('middle', { cause: failures }) }));
  },
};

/** The ways past the record: each is a call that a developer writes without thinking of redaction. */
const ways: Record<string, Place> = {
  'interpolated object': (logger, canary) => logger.info('got %o and %j', { password: canary }, { token: canary }),
  'interpolated text': (logger, canary) => logger.info('token=%s', canary),
  'two records': (logger, canary) => logger.info({ a: 1 }, { password: canary } as unknown as string),
  'child binding': (logger, canary) => logger.child({ apiKey: canary, deep: { cookie: canary } }).info('x'),
  'grandchild binding': (logger, canary) => logger.child({}).child({ secret: canary }, { level: 'info' }).info('x'),
  'changed binding': (logger, canary) => {
    logger.setBindings({ secret: canary });
    logger.info('x');
  },
  map: (logger, canary) => logger.info(new Map([['password', canary]])),
  'web headers': (logger, canary) => logger.info({ headers: new Headers({ authorization: canary, cookie: canary }) }),
  'search parameters': (logger, canary) => logger.info({ query: new URLSearchParams({ code: canary }) }),
  'form field': (logger, canary) => logger.info({ fields: [{ name: 'password', value: canary }] }),
  'toJSON result': (logger, canary) => logger.info({ model: { toJSON: () => ({ password: canary }) } }),
  'error property': (logger, canary) => logger.error(Object.assign(new Error('x'), { config: { password: canary } })),
  'boxed text under a key': (logger, canary) => logger.info({ password: Object(canary) as unknown }),
  'security event': (logger, canary) =>
    createSecurityEventLog({ logger }).raise('authz_fail', { details: { token: canary, text: `password=${canary}` } }),
};

/** Places where the key or the syntax gives away a secret that has no shape of its own. */
const shapeless: Record<string, Place> = {
  ...ways,
  body: (logger, canary) => logger.info({ body: { password: canary, new_password: canary, PIN: canary } }),
  query: (logger, canary) => logger.info(`GET /cb?state=${canary}&code=${canary}&access_token=${canary} failed`),
  header: (logger, canary) => logger.info({ headers: { 'X-Api-Key': canary } }, `Authorization: Basic ${canary}`),
  cookie: (logger, canary) => logger.info({ 'set-cookie': [`sid=${canary}; HttpOnly`] }, `cookie: a=${canary}; b=1`),
  'JSON in text': (logger, canary) => logger.info(`answered {"user":1,"client_secret":"${canary}","n":[1]}`),
  'inspected object in text': (logger, canary) => logger.info(`got { password: '${canary}', a: 1 }`),
  'JSON in JSON': (logger, canary) => logger.info(JSON.stringify({ body: JSON.stringify({ password: canary }) })),
  'URL user information': (logger, canary) => logger.error(new Error(`postgres://app:${canary}@db:5432/x refused`)),
  'encoded query': (logger, canary) => logger.info(`next=https%3A%2F%2Fx.test%2F%3Ftoken%3D${canary}%26a%3D1`),
  'database error': (logger, canary) => logger.error(databaseError(canary)),
  'list of names and values': (logger, canary) => logger.info({ rawHeaders: ['Host', 'a', 'X-Api-Key', canary] }),
  'list of entries': (logger, canary) => logger.info({ fields: Object.entries({ user: 'a', password: canary }) }),
  bearer: (logger, canary) => logger.info(`sent Bearer ${canary} upstream`),
};

function expectNoTrace(output: string, canary: string): void {
  for (const form of formsOf(canary)) expect(output).not.toContain(form);
}

describe('a planted canary', () => {
  for (const [place, plant] of [...Object.entries(places), ...Object.entries(ways)]) {
    it(`SR-43: in the ${place} never comes out, in any encoding`, () => {
      const canary = createCanary(place);
      for (const form of formsOf(canary)) {
        const captured = captureLog();
        plant(captured.logger, form);
        expect(captured.lines()).toHaveLength(1);
        expectNoTrace(captured.text(), canary);
      }
    });
  }

  for (const [place, plant] of Object.entries(shapeless)) {
    it(`SR-43: too short to have a shape, in the ${place}, never comes out`, () => {
      const captured = captureLog();
      const canary = createShortCanary(place);
      plant(captured.logger, canary);
      expect(captured.lines()).toHaveLength(1);
      expectNoTrace(captured.text(), canary);
    });
  }

  it('SR-43: behind 1 KiB and at every offset around the cut leaves no part of itself', () => {
    const canary = createCanary('the cut');
    for (let offset = 960; offset < 1_040; offset += 1) {
      const captured = captureLog();
      captured.logger.info(`${'x '.repeat(offset).slice(0, offset)}${canary} and more`);
      expect(captured.text()).not.toContain(canary.slice(0, 8));
    }
  });

  it('SR-43: half behind the scanned part is not written when redaction moves it forward', () => {
    const canary = createCanary('the edge');
    for (let kept = 1; kept < canary.length; kept += 1) {
      const filler = createCanary('filler')
        .repeat(200)
        .slice(0, 8_191 - kept);
      const captured = captureLog();
      captured.logger.info(`${filler} ${canary}`);
      expect(captured.text()).not.toContain(canary.slice(0, Math.min(kept, 8)));
    }
  });
});
