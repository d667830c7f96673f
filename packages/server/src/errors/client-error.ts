import { Buffer } from 'node:buffer';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { createUuidV7, type Logger } from '@redoubt/logging';
import type { ConnectionError } from 'fastify';

import type { Headers } from '../pipeline/12-headers.ts';
import { MAX_URL_BYTES } from '../limits.ts';
import { AppError } from './app-error.ts';
import type { ErrorCode } from './error-codes.ts';
import { createProblem, PROBLEM_MEDIA_TYPE } from './problem.ts';

/** What Node's parser refuses before there is a request; anything else is a plain 400. */
const parserCodes = new Map<string, ErrorCode>([
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request-timeout'],
  ['HPE_HEADER_OVERFLOW', 'headers-too-large'],
  ['HPE_INVALID_METHOD', 'method-not-allowed'],
]);

/** What a service that does not know the path can say of its methods (RFC 9110, section 15.5.6). */
const ALLOW = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** RFC 9112, section 3. */
const LONG_REQUEST_LINE = /^[A-Z]{1,32} [^\s]+$/;
const REQUEST_LINE = /^[A-Z-]{1,32} \S+ HTTP\/1\.[01]\r?\n/;

/**
 * Makes the handler for bytes that are not a request: they get the same problem document and the same headers as
 * everything else (SR-33, SR-37), and the connection ends.
 */
export function createClientErrorHandler(headers: Headers, logger: Logger) {
  return (error: ConnectionError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const requestId = createUuidV7();
    logger.info({ requestId, clientAddress: socket.remoteAddress, code: error.code }, 'not a request');
    // An answer that is still being made comes first on this connection: ours would be taken for it.
    if (socket.writable && !hasPendingAnswer(socket))
      socket.write(rawAnswer(new AppError(codeOf(error)), headers, requestId));
    socket.destroy(error);
  };
}

/** Makes the answer to CONNECT, which Node would end without a word: this service is nobody's proxy (SR-35). */
export function createConnectHandler(headers: Headers) {
  return (_request: IncomingMessage, socket: Duplex): void => {
    socket.end(rawAnswer(new AppError('method-not-allowed'), headers, createUuidV7()));
  };
}

/**
 * Node keeps the answer that a socket is busy with in this field, and asks it for the same reason. One to a request that
 * has not arrived whole, and of which nothing has left, is the one that is given here.
 */
function hasPendingAnswer(socket: Socket): boolean {
  const answer = Reflect.get(socket, '_httpMessage') as ServerResponse | null | undefined;
  return answer !== null && answer !== undefined && (answer.headersSent || answer.req.complete);
}

function codeOf({ code, rawPacket }: ConnectionError): ErrorCode {
  // A TLS handshake on a plain port has an invalid method, too, and is no request at all.
  // (Fastify's type of the packet describes its JSON; it is a Buffer.)
  const packet = rawPacket as unknown as Buffer | undefined;
  const start = packet?.toString('latin1', 0, MAX_URL_BYTES) ?? '';
  if (code === 'HPE_INVALID_METHOD' && !REQUEST_LINE.test(start)) return 'invalid-request';
  if (code === 'HPE_HEADER_OVERFLOW' && LONG_REQUEST_LINE.test(start)) return 'url-too-long';
  return parserCodes.get(code) ?? 'invalid-request';
}

function rawAnswer(error: AppError, headers: Headers, requestId: string): string {
  const body = JSON.stringify(createProblem(error, requestId));
  const fields: Record<string, string> = {
    ...headers,
    'x-request-id': requestId,
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  if (error.code === 'method-not-allowed') fields['allow'] = ALLOW;
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
