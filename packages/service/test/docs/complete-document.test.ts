import { describe, expect, it } from 'vitest';

import { completeDocument } from '../../src/docs/complete-document.ts';

const uuid = { type: 'string', format: 'uuid' };
const body = (schema: object) => ({ description: 'Default Response', content: { 'application/json': { schema } } });

const completed = completeDocument({
  info: { title: 'things' },
  components: { securitySchemes: {} },
  paths: {
    '/api/things/{id}': {
      get: {
        tags: ['things'],
        security: [{ bearer: [] }],
        parameters: [{ name: 'id', in: 'path', required: true, schema: uuid }],
        responses: {
          '200': body({ type: 'object', properties: { type: { type: 'integer', minimum: 0, maximum: 2 ** 40 } } }),
          '4XX': body({}),
          '429': body({ type: 'string', maxLength: 3 }),
        },
      },
    },
    '/api/things': { post: { tags: ['things'], responses: { '204': { description: 'Default Response' } } } },
  },
}) as {
  paths: Record<string, Record<string, { responses: Record<string, object>; parameters?: object[] } | undefined>>;
  tags: object[];
};

const read = completed.paths['/api/things/{id}']?.['get'];
const write = completed.paths['/api/things']?.['post'];

describe('a completed document', () => {
  it('names operations by what they are called with', () => {
    expect(read).toMatchObject({ operationId: 'getThingsById' });
    expect(write).toMatchObject({ operationId: 'postThings' });
    expect(completed.tags).toEqual([{ name: 'things', description: 'Routes under things.' }]);
  });

  it('SR-1: says of an operation for anybody that it is one', () => {
    expect(read).toMatchObject({ security: [{ bearer: [] }] });
    expect(write).toMatchObject({ security: [] });
  });

  it('SR-16: writes bounds that follow from a format, and changes no other', () => {
    expect(read?.parameters).toEqual([
      {
        description: 'The id of what is asked for.',
        name: 'id',
        in: 'path',
        required: true,
        schema: { ...uuid, maxLength: 36 },
      },
    ]);
    expect(read?.responses['200']).toMatchObject({
      content: {
        'application/json': {
          schema: { properties: { type: { type: 'integer', format: 'int64', minimum: 0, maximum: 2 ** 40 } } },
        },
      },
    });
  });

  it('SR-37: has the problem document for errors, but for one that the route describes itself', () => {
    expect(read?.responses['4XX']).toEqual({ $ref: '#/components/responses/Refused' });
    expect(read?.responses['500']).toEqual({ $ref: '#/components/responses/Failed' });
    expect(read?.responses['429']).toMatchObject({
      content: { 'application/json': { schema: { maxLength: 3 } } },
    });
  });

  it('SR-22: tells limits in the headers of every answer', () => {
    for (const answer of [read?.responses['200'], write?.responses['204']])
      expect(answer).toMatchObject({
        headers: { 'RateLimit-Limit': {}, 'RateLimit-Remaining': {}, 'RateLimit-Reset': {} },
      });
  });
});
