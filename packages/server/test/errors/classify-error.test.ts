import { SharedStoreUnavailableError } from '@redoubt/storage';
import { describe, expect, it } from 'vitest';

import { AppError } from '../../src/errors/app-error.ts';
import { classifyError } from '../../src/errors/classify-error.ts';
import { errorCodes } from '../../src/errors/error-codes.ts';

describe('classifyError', () => {
  it('keeps what a client may see', () => {
    const error = new AppError('conflict');
    expect(classifyError(error)).toBe(error);
  });

  const unknown: Record<string, unknown> = {
    'an error': new Error('secret detail'),
    'an error of a library that names a status': Object.assign(new Error('secret detail'), {
      statusCode: 404,
      status: 404,
    }),
    'an error with a code of another library': Object.assign(new Error('secret detail'), { code: 'E_SECRET' }),
    'a text': 'secret detail',
    nothing: undefined,
    'an object without a prototype': Object.create(null) as unknown,
  };
  for (const [what, thrown] of Object.entries(unknown)) {
    it(`SR-37: turns ${what} into a generic 500`, () => {
      const shown = classifyError(thrown);
      expect([shown.status, shown.message]).toEqual([500, errorCodes.internal.title]);
    });
  }

  it('SR-40: says that a dependency is away, and when to come back', () => {
    expect(classifyError(new SharedStoreUnavailableError('away'))).toMatchObject({ status: 503, retryAfterSeconds: 1 });
  });
});

describe('the table of error codes', () => {
  it('SR-37: has a title that fits all and a status of an error for each code', () => {
    for (const { status, title } of Object.values(errorCodes)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).toMatch(/^[A-Z].*\.$/);
    }
  });
});
