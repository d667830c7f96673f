import type { Buffer } from 'node:buffer';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { InvalidJsonError, parseStrictJson } from '../json/strict-json.ts';
import { MAX_BODY_BYTES } from '../limits.ts';
import { assertSignedBody } from './07-body-digest.ts';

/** `application/json`, with UTF-8 as the only charset (RFC 8259, section 8.1). */
const JSON_MEDIA_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * Installs the second half of step 7: `application/json` in UTF-8 is the only body that is read, and it is read
 * strictly (SR-18, SR-21, SR-36). Form posts and plain text, which a foreign page can send without a preflight, are 415.
 */
export function installBodyParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (request, body: Buffer, done) => {
      try {
        assertSignedBody(request, body);
        assertPlainJson(request);
        done(null, body.length === 0 ? undefined : parseStrictJson(body));
      } catch (error) {
        done(asClientError(error), undefined);
      }
    },
  );
}

function assertPlainJson({ headers }: FastifyRequest): void {
  // A compressed body could grow a thousandfold after the size check.
  if (headers['content-encoding'] !== undefined) throw new AppError('unsupported-media-type');
  if (!JSON_MEDIA_TYPE.test(headers['content-type'] ?? '')) throw new AppError('unsupported-media-type');
}

function asClientError(error: unknown): Error {
  if (error instanceof InvalidJsonError) {
    return new AppError('invalid-json', {
      faults: [{ pointer: '', message: error.reason }],
      suspicion: 'invalid-input',
    });
  }
  if (error instanceof Error) return error;
  return new TypeError('the body parser threw something that is not an error', { cause: error });
}
