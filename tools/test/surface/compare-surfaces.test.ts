import { describe, expect, it } from 'vitest';

import { compareSurfaces } from '../../src/surface/compare-surfaces.ts';
import { reportChanges } from '../../src/surface/report-changes.ts';
import type { Surface, SurfaceField, SurfaceRoute } from '../../src/surface/surface.ts';

const route: SurfaceRoute = {
  listener: 'public',
  route: 'POST /api/things',
  access: 'permission(things:write)',
  rateLimit: '10 in 60 s by caller, refuse',
  body: '4096 bytes',
  idempotency: 'required',
  audit: 'authz_admin, authz_fail',
  cache: 'no-store',
};
const field: SurfaceField = {
  route: route.route,
  field: 'body.name',
  presence: 'required',
  bounds: 'string 1..80, format email',
};
const one: Surface = { routes: [route], fields: [field] };

const withRoute = (change: Partial<SurfaceRoute>): Surface => ({ ...one, routes: [{ ...route, ...change }] });
const withField = (change: Partial<SurfaceField>): Surface => ({ ...one, fields: [{ ...field, ...change }] });

/** Each opens something; the way back closes it. */
const loosened: Record<string, [Surface, Surface]> = {
  'anybody may call': [one, withRoute({ access: 'public' })],
  'any signed-in user may call': [one, withRoute({ access: 'signed-in' })],
  'an owner may call as well': [one, withRoute({ access: 'any-of(owner(id), permission(things:write))' })],
  'one demand less': [
    withRoute({ access: 'all-of(signed-in, recent-sign-in(600 s))' }),
    withRoute({ access: 'signed-in' }),
  ],
  'a sign-in may be older': [
    withRoute({ access: 'recent-sign-in(600 s)' }),
    withRoute({ access: 'recent-sign-in(900 s)' }),
  ],
  'a service more': [
    withRoute({ access: 'service(spiffe://a/b)' }),
    withRoute({ access: 'service(spiffe://a/b, spiffe://a/c)' }),
  ],
  'every service': [withRoute({ access: 'service(spiffe://a/b)' }), withRoute({ access: 'any-service' })],
  'more requests': [one, withRoute({ rateLimit: '20 in 60 s by caller, refuse' })],
  'as many in less time': [one, withRoute({ rateLimit: '10 in 30 s by caller, refuse' })],
  'no limit': [one, withRoute({ rateLimit: 'not limited: why not' })],
  'a guess while nobody counts': [one, withRoute({ rateLimit: '10 in 60 s by caller, local' })],
  'a larger body': [one, withRoute({ body: '102400 bytes' })],
  'a body at all': [withRoute({ body: 'none' }), one],
  'no key': [one, withRoute({ idempotency: 'not needed: why not' })],
  'an event less': [one, withRoute({ audit: 'authz_fail' })],
  'an answer that is kept': [one, withRoute({ cache: '60 s' })],
  'a field more': [{ ...one, fields: [] }, one],
  'a longer text': [one, withField({ bounds: 'string 1..81, format email' })],
  'a shorter text': [one, withField({ bounds: 'string 0..80, format email' })],
  'a text without an end': [one, withField({ bounds: 'string 1.., format email' })],
  'any text': [one, withField({ bounds: 'string 1..80' })],
  'a field that may be absent': [one, withField({ presence: 'optional' })],
  'one choice more': [withField({ bounds: 'one of a, b' }), withField({ bounds: 'one of a, b, c' })],
};

/** Neither more nor less: a reader decides. */
const changed: Record<string, Surface> = {
  'another permission': withRoute({ access: 'permission(things:read)' }),
  'more requests in more time': withRoute({ rateLimit: '20 in 3600 s by caller, refuse' }),
  'another count': withRoute({ rateLimit: '10 in 60 s by address, refuse' }),
  'another type': withField({ bounds: 'integer 1..80' }),
  'longer, but always there': withField({ presence: 'optional', bounds: 'string 2..80, format email' }),
};

describe('two surfaces', () => {
  for (const [what, [before, after]] of Object.entries(loosened)) {
    it(`tell of ${what} as loosened, and of the way back as tightened`, () => {
      expect(compareSurfaces(before, after).map(({ kind }) => kind)).toEqual(['loosened']);
      expect(compareSurfaces(after, before).map(({ kind }) => kind)).toEqual(['tightened']);
    });
  }

  for (const [what, after] of Object.entries(changed)) {
    it(`leave ${what} to a reader`, () => {
      expect(compareSurfaces(one, after).map(({ kind }) => kind)).toEqual(['changed']);
    });
  }

  it('tell of a route that came and of one that went, each once', () => {
    const other = { ...one, routes: [{ ...route, route: 'GET /api/others', access: 'public' }], fields: [] };
    expect(compareSurfaces(one, other)).toEqual([
      { kind: 'added', subject: 'GET /api/others', after: 'public' },
      { kind: 'removed', subject: 'POST /api/things', before: 'permission(things:write)' },
    ]);
  });

  it('tell one listener from another', () => {
    const moved = compareSurfaces(withRoute({ listener: 'management' }), one);
    expect(moved.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'added POST /api/things',
      'removed POST /api/things (management)',
    ]);
  });

  it('are reported with what opens something first', () => {
    const after = {
      routes: [
        { ...route, access: 'public' },
        { ...route, route: 'GET /api/new' },
      ],
      fields: [],
    };
    expect(reportChanges('api', compareSurfaces(one, after))).toBe(
      [
        'api: 1 added, 1 loosened, 0 changed, 1 tightened, 0 removed',
        '  added     GET /api/new: permission(things:write)',
        '  loosened  POST /api/things: who may call it: permission(things:write) → public',
        '  tightened POST /api/things: body.name: required string 1..80, format email',
      ].join('\n'),
    );
    expect(reportChanges('api', [])).toBe('api: the surface is the same');
  });
});
