import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installDocs } from './support/install-docs.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

let service: TestApp;

beforeAll(async () => {
  service = await createTestApp({}, { installDocs });
});
afterAll(() => service.close());

/** A place in the API's description that names something by an id. */
interface IdPlace {
  readonly path: string;
  readonly schema: { readonly type?: string; readonly format?: string };
}

/** Names of ids that are not ours to choose: a correlation id may be the edge's, a service's is a SPIFFE id. */
const FOREIGN_IDS = new Set(['requestId', 'serviceId', 'actorId', 'subjectId']);

function findIds(node: unknown, path: string): IdPlace[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const here = `${path}/${key}`;
    const isId = path.endsWith('/properties') && /^id$|Id$/.test(key) && !FOREIGN_IDS.has(key);
    return isId ? [{ path: here, schema: value as IdPlace['schema'] }] : findIds(value, here);
  });
}

describe('ids of the API', () => {
  it('SR-57: are UUIDs wherever one is sent or answered, and in every path', async () => {
    const document = (await service.app.inject('/openapi.json')).json<{
      paths: Record<string, Record<string, { parameters?: { in: string; name: string; schema: IdPlace['schema'] }[] }>>;
    }>();
    const inPaths = Object.entries(document.paths).flatMap(([url, methods]) =>
      Object.values(methods).flatMap(({ parameters = [] }) =>
        parameters
          .filter((parameter) => parameter.in === 'path')
          .map(({ name, schema }) => ({ path: `${url} ${name}`, schema })),
      ),
    );
    const ids = [...inPaths, ...findIds(document.paths, '')];
    expect(ids.length).toBeGreaterThan(8);
    expect(ids.filter(({ schema }) => schema.type !== 'string' || schema.format !== 'uuid')).toEqual([]);
  });

  it('SR-57: are of version 7, and none is a number', async () => {
    const admin = await service.createUser('admin');
    const { items } = (await service.app.inject({ url: '/api/users', headers: await service.as(admin) })).json<{
      items: { id: unknown }[];
    }>();
    expect(items.length).toBeGreaterThan(0);
    for (const { id } of items)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
