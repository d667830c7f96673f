import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { permission } from '@redoubt/auth';
import type { RouteContract } from '@redoubt/server';
import { Type } from '@sinclair/typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readAtRevision } from '../../src/surface/read-at-revision.ts';
import { findServices, readService } from '../../src/surface/readable-services.ts';
import { parseSurface, surfaceDocument } from '../../src/surface/surface-document.ts';
import type { Surface } from '../../src/surface/surface.ts';
import { takeSurface } from '../../src/surface/take-surface.ts';

const root = join(import.meta.dirname, '..', '..', '..');

const contract: RouteContract = {
  method: 'POST',
  url: '/api/things/:id',
  access: permission('things:write'),
  idempotency: 'required',
  cache: undefined,
  rateLimit: { max: 5, windowSeconds: 60, by: 'caller', group: 'things', whenStoreIsAway: 'refuse' },
  produces: 'application/json',
  statuses: new Set([200]),
  maxBodyBytes: 2048,
  schema: {
    params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
    querystring: Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })) }),
    body: Type.Object({
      kind: Type.Union([Type.Literal('a'), Type.Literal('b')], { default: 'a' }),
      labels: Type.Array(Type.Object({ text: Type.String({ maxLength: 5, pattern: '^(a|b)$' }) }), { maxItems: 3 }),
      extra: Type.Record(Type.String({ pattern: '^x-' }), Type.Boolean()),
    }),
  },
};

const surfaceOf = (...routeContracts: RouteContract[]): Surface =>
  takeSurface({ listeners: [{ name: 'public', server: { routeContracts }, rateLimits: { signedInMax: 7 } }] });

describe('a surface', () => {
  it('SR-1, SR-22: says of a route what it declares', () => {
    expect(surfaceOf(contract).routes).toEqual([
      {
        listener: 'public',
        route: 'POST /api/things/:id',
        access: 'permission(things:write)',
        rateLimit: '5 in 60 s by caller of things, refuse',
        body: '2048 bytes',
        idempotency: 'required',
        audit: 'authz_admin, authz_fail',
        cache: 'no-store',
      },
    ]);
  });

  it('SR-16: lists every field with its bounds, however deep it is', () => {
    expect(surfaceOf(contract).fields.map(({ field, presence, bounds }) => [field, presence, bounds])).toEqual([
      ['params.id', 'required', 'string, format uuid'],
      ['querystring.page', 'optional', 'integer 1..9'],
      ['body.kind', 'optional', 'one of a or one of b'],
      ['body.labels', 'required', 'array ..3'],
      ['body.labels[].text', 'required', 'string ..5, pattern ^(a|b)$'],
      ['body.extra.{^x-}', 'optional', 'boolean'],
    ]);
  });

  it('has the limits of the server where a route declares none, and the reason where there are none', () => {
    const limitOf = (change: Partial<RouteContract>): string | undefined =>
      surfaceOf({ ...contract, ...change }).routes[0]?.rateLimit;
    expect(limitOf({ rateLimit: undefined })).toBe('7 in 60 s by user of signed-in, local');
    expect(limitOf({ rateLimit: undefined, access: 'public' })).toBe('100 in 900 s by address of anonymous, local');
    expect(limitOf({ rateLimit: { notLimited: 'a reason' } })).toBe('not limited: a reason');
  });

  it('names HEAD only where it is not what GET is', () => {
    const get = { ...contract, method: 'GET', idempotency: undefined };
    const routesOf = (...contracts: RouteContract[]) => surfaceOf(...contracts).routes.map(({ route }) => route);
    expect(routesOf(get, { ...get, method: 'HEAD' })).toEqual(['GET /api/things/:id']);
    expect(routesOf(get, { ...get, method: 'HEAD', access: 'public' })).toHaveLength(2);
  });

  it('is read back from its document as it was, bars and all', () => {
    const surface = surfaceOf(contract);
    expect(parseSurface(surfaceDocument('things', surface))).toEqual(surface);
    expect(parseSurface('')).toEqual({ routes: [], fields: [] });
  });
});

describe('each service under apps', () => {
  const services = findServices(root);

  it('is found by its builder', () => {
    expect(services).toContain('api');
  });

  for (const name of services) {
    it(`SR-1: ${name} is built for reading, and every route of it is in its surface`, async () => {
      const { surface, served } = await readService(root, name, (service) => ({
        surface: takeSurface(service),
        served: service.listeners.flatMap(({ server }) => server.routeContracts),
      }));
      const names = served.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
      expect(surface.routes.map(({ route }) => route)).toEqual(names);
      expect(parseSurface(surfaceDocument(name, surface))).toEqual(surface);
    });
  }
});

describe('an earlier revision', () => {
  let folder: string;
  const git = (...args: string[]) => {
    const identity = [
      '-c',
      'user.name=Somebody',
      '-c',
      'user.email=somebody@mail.example',
      '-c',
      'commit.gpgsign=false',
    ];
    expect(spawnSync('git', [...identity, ...args], { cwd: folder }).status).toBe(0);
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'surface-'));
    mkdirSync(join(folder, 'apps', 'api'), { recursive: true });
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'empty');
    git('tag', 'before');
    writeFileSync(join(folder, 'apps/api/surface.md'), 'then\n');
    git('add', '.');
    git('commit', '--quiet', '--message', 'a surface');
    writeFileSync(join(folder, 'apps/api/surface.md'), 'now\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the document as it was, and none where there was none', () => {
    expect(readAtRevision(folder, 'HEAD', 'apps/api/surface.md')).toBe('then\n');
    expect(readAtRevision(folder, 'before', 'apps/api/surface.md')).toBe('');
  });

  it('is refused when git does not know it, so that nothing passes for new', () => {
    for (const revision of ['nowhere', '--all', '']) {
      expect(() => readAtRevision(folder, revision, 'apps/api/surface.md')).toThrow('git knows no revision');
    }
  });
});
