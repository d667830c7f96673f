import { errorCodes } from '../../../../packages/server/src/errors/error-codes.ts';
import { headerOf, type RawAnswer } from './raw-answer.ts';

/** Errors that only a hop in front of the service has; the words are those of nginx/conf.d/parts/errors.conf. */
const ofEdge: Readonly<Record<string, { status: number; title: string }>> = {
  'precondition-failed': { status: 412, title: 'A precondition of the request does not hold.' },
  'not-implemented': { status: 501, title: 'This transfer coding is not offered.' },
  'bad-gateway': { status: 502, title: 'The service cannot be reached; try again.' },
  'gateway-timeout': { status: 504, title: 'The service did not answer in time.' },
  'http-version-not-supported': { status: 505, title: 'This version of HTTP is not offered.' },
};
const known = new Map(Object.entries({ ...errorCodes, ...ofEdge }));

/**
 * What is wrong with an error as a problem document (SR-33, SR-37): its media type, its members and no others, words that
 * are known for its status, and the id that its header has. Empty: nothing.
 */
export function problemFaults(answer: RawAnswer): readonly string[] {
  const mediaType = headerOf(answer, 'content-type');
  if (mediaType !== 'application/problem+json') return [`content-type: ${mediaType}`];
  const { errors, ...problem } = JSON.parse(answer.body) as Record<string, unknown>;
  const code = String(problem['type']).replace('urn:problem-type:', '');
  const expected = {
    type: `urn:problem-type:${code}`,
    title: known.get(code)?.title,
    status: answer.status,
    requestId: headerOf(answer, 'x-request-id'),
  };
  const faults = known.get(code)?.status === answer.status ? [] : [`${code} with ${answer.status}`];
  if (JSON.stringify(problem) !== JSON.stringify(expected)) faults.push(answer.body);
  if (answer.status === 400 && !Array.isArray(errors)) faults.push('a 400 that does not say where');
  if (answer.status !== 400 && errors !== undefined) faults.push('places in an error that has none');
  return faults;
}
