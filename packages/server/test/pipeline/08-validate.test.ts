import { type TSchema, Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';

import { notNeeded } from '../../src/index.ts';
import { createTestServer } from '../support/test-server.ts';

const text = { type: 'string', maxLength: 10 };

/** Schemas that are none: nobody may find out by a request. */
const broken: Record<string, object> = {
  'a keyword that does not exist': { ...text, minLenght: 1 },
  'a limit that is no number': { ...text, minLength: '1' },
  'a pattern that cannot be read': { ...text, pattern: '(' },
  'a pattern that is no text': { ...text, pattern: 5 },
  'a list of values that is none': { enum: 1 },
  'a name of a format that does not exist': { ...text, format: 'uiid' },
};

describe('a schema with', () => {
  for (const [what, schema] of Object.entries(broken)) {
    it(`SR-16: ${what} makes the start fail`, async () => {
      const { app } = await createTestServer();
      const body = Type.Object({ name: schema as TSchema }, { additionalProperties: false });
      const response = { 200: Type.Null() };
      const route = { access: 'public', idempotency: notNeeded('a test'), schema: { body, response } } as const;
      app.post('/broken', route, () => null);
      await expect(app.ready()).rejects.toThrow('Failed building the validation schema');
      await app.close();
    });
  }

  it('nothing of that lets the server start', async () => {
    const { app } = await createTestServer();
    const body = Type.Object({ name: Type.String({ maxLength: 10 }) }, { additionalProperties: false });
    const response = { 200: Type.Null() };
    app.post('/sound', { access: 'public', idempotency: notNeeded('a test'), schema: { body, response } }, () => null);
    await expect(app.ready()).resolves.toBeDefined();
    await app.close();
  });
});
