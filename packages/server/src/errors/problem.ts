import { type Static, Type } from '@sinclair/typebox';

import type { AppError } from './app-error.ts';

/** The media type of every error (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Faults listed in one answer at most; the first ones help, a thousand would not. */
const MAX_FAULTS = 20;

/** The problem document: these members and no others (SR-37). */
export const Problem = Type.Object(
  {
    type: Type.String({ maxLength: 128, description: 'A stable name of this kind of problem.' }),
    title: Type.String({ maxLength: 256, description: 'What went wrong, in one sentence.' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
    requestId: Type.String({ maxLength: 64, description: 'The correlation id of the request, as in X-Request-Id.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            pointer: Type.String({ maxLength: 256, description: 'Where, as a JSON pointer (RFC 6901).' }),
            message: Type.String({ maxLength: 256, description: 'What was expected.' }),
          },
          { additionalProperties: false },
        ),
        { maxItems: MAX_FAULTS, description: 'The faults of single fields.' },
      ),
    ),
  },
  { additionalProperties: false, description: 'What went wrong (RFC 9457).' },
);

/** A problem document as it is sent. */
export type Problem = Static<typeof Problem>;

const WHOLE_REQUEST = { pointer: '', message: 'must be well-formed' };

/** Makes the document that tells a client of `error`. Only the error's code, status, title and faults reach it. */
export function createProblem(error: AppError, requestId: string): Problem {
  const problem: Problem = {
    type: `urn:problem-type:${error.code}`,
    title: error.message,
    status: error.status,
    requestId,
  };
  // Every 400 says where (docs/errors.md); what has no place in a body is the request as a whole.
  const faults = error.faults.length > 0 || error.status !== 400 ? error.faults : [WHOLE_REQUEST];
  if (faults.length > 0)
    problem.errors = faults.slice(0, MAX_FAULTS).map(({ pointer, message }) => ({ pointer, message }));
  return problem;
}
