import type { Buffer } from 'node:buffer';

import { headersOf, hostileBodies } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createThingsServer } from '../support/things-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await createThingsServer();
});
afterAll(() => server.app.close());

const post = (payload: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  server.app.inject({ url: '/things', method: 'POST', headers, payload });

describe('a body', () => {
  for (const hostile of hostileBodies) {
    it(`SR-16, SR-18, SR-21, SR-36: ${hostile.name} is refused with ${hostile.status}`, async () => {
      const response = await post(hostile.body, headersOf(hostile));
      expect(response.statusCode).toBe(hostile.status);
      expect(response.headers['content-type']).toBe('application/problem+json');
    });
  }

  it('SR-37: shows no key of a record, which is text of the client', async () => {
    const payload = { '<script>c4n4ry': 10 };
    const response = await server.app.inject({ url: '/labels', method: 'PUT', payload });
    expect([response.statusCode, response.body.includes('c4n4ry')]).toEqual([400, false]);
  });

  it('tells of a choice in one fault', async () => {
    const response = await server.app.inject({ url: '/choice', method: 'PUT', payload: { role: 'root' } });
    expect(response.json()).toMatchObject({
      errors: [{ pointer: '/role', message: 'must be one of what is allowed here' }],
    });
    expect(response.json<{ errors: unknown[] }>().errors).toHaveLength(1);
  });

  it('SR-16: is refused where a DELETE declares none', async () => {
    const response = await server.app.inject({
      url: '/things',
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      payload: '{"all":true}',
    });
    expect(response.statusCode).toBe(400);
  });

  it('comes to the handler as it was sent', async () => {
    expect((await post('{"name":"é😀","count":3}')).json()).toEqual({ name: 'é😀', count: 3 });
  });

  it('SR-21: of exactly 100 KiB is read', async () => {
    const body = JSON.stringify({ name: 'a' }).padEnd(100 * 1024, ' ');
    expect((await post(body)).statusCode).toBe(200);
  });

  const faults: Record<string, [string, string, string]> = {
    'an unknown field': ['{"name":"a","isAdmin":true}', '/isAdmin', 'is not a known field'],
    'an unknown field whose name is no name': ['{"name":"a","<script>":1}', '', 'is not a known field'],
    'a missing field': ['{}', '/name', 'is required'],
    'a number for a text': ['{"name":1}', '/name', 'must be string'],
    'an object for a text': ['{"name":{"a":1}}', '/name', 'must be string'],
    'a text for a number': ['{"name":"a","count":"3"}', '/count', 'must be integer'],
    'true for a number': ['{"name":"a","count":true}', '/count', 'must be integer'],
    'null for a number': ['{"name":"a","count":null}', '/count', 'must be integer'],
    'a text that is too long': [`{"name":"${'c4n4ry'.repeat(4)}"}`, '/name', 'must NOT have more than 20 characters'],
    'a number that is too large': ['{"name":"a","count":10}', '/count', 'must be <= 9'],
  };
  for (const [what, [body, pointer, message]] of Object.entries(faults)) {
    it(`SR-16, SR-37: with ${what} is refused, and the answer says where without the value`, async () => {
      const response = await post(body);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({ errors: [{ pointer, message }] });
      expect(response.body).not.toContain('c4n4ry');
    });
  }

  it('SR-36: with a charset of UTF-8 in any spelling is read', async () => {
    for (const type of ['application/json;charset=UTF-8', 'application/json; charset="utf-8"', 'Application/JSON']) {
      expect((await post('{"name":"a"}', { 'content-type': type })).statusCode).toBe(200);
    }
  });
});

describe('a query', () => {
  const get = (query: string) => server.app.inject(`/query${query}`);

  it('becomes numbers where the schema says so, and takes defaults', async () => {
    expect((await get('?limit=25')).json()).toEqual({ limit: 25 });
    expect((await get('')).json()).toEqual({ limit: 10 });
  });

  for (const query of [
    'limit=0x10',
    'limit=1e1',
    'limit=010',
    'limit=+5',
    'limit=%205',
    'limit=5.0',
    'limit=',
    'limit=true',
    'limit=1&limit=2',
    'limit=1001',
    'name=%00',
    'unknown=1',
    '__proto__=1',
    'name[a]=1',
  ]) {
    it(`SR-16: ?${query} is refused`, async () => {
      expect((await get(`?${query}`)).statusCode).toBe(400);
    });
  }

  it('SR-16: is refused on a route that declares none', async () => {
    expect((await server.app.inject('/public?debug=1')).statusCode).toBe(400);
  });
});

describe('an answer', () => {
  it('SR-17: loses what its schema does not list', async () => {
    const response = await server.app.inject('/row');
    expect(response.json()).toEqual({ name: 'a' });
  });

  for (const path of ['/undeclared', '/text', '/own-json', '/bytes', '/own-problem']) {
    it(`SR-17: that its route does not declare does not leave (${path})`, async () => {
      const response = await server.app.inject(path);
      expect(response.statusCode).toBe(500);
      expect(response.body).not.toContain('c4n4ry');
    });
  }
});
