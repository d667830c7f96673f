import { Buffer } from 'node:buffer';

import type { Dispatcher } from 'undici';

import { OutboundError } from './outbound-error.ts';

/** An answer. */
export interface OutboundResponse {
  readonly status: number;
  /** By names in lower case. Repeated ones are joined with a comma; cookies are left out, nobody keeps them. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** RFC 9110, section 15.4.5: an answer from the caller's own cache, which leads nowhere. */
const NOT_MODIFIED = 304;

/**
 * Reads an answer to its end: no redirect, not encoded, and of `maxBytes` at most. What is refused is not read, and a
 * connection on which more of it would come is closed.
 *
 * @throws {OutboundError}
 */
export async function readResponse(
  answer: Dispatcher.ResponseData,
  { method, maxBytes }: { readonly method: string; readonly maxBytes: number },
): Promise<OutboundResponse> {
  const headers = readHeaders(answer.headers);
  try {
    const { statusCode: status } = answer;
    assertTaken(status, headers);
    if (hasBody(method, status) && lengthOf(headers) > maxBytes) throw new OutboundError('too-large', { status });
    return { status, headers, body: await readBody(answer, maxBytes) };
  } catch (error) {
    // Told to the caller by the error that is thrown; the stream's own would be nobody's.
    answer.body.on('error', () => undefined).destroy();
    throw error;
  }
}

function assertTaken(status: number, headers: ReadonlyMap<string, string>): void {
  if (status >= 300 && status < 400 && status !== NOT_MODIFIED) throw new OutboundError('redirect', { status });
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') throw new OutboundError('encoding', { status });
}

/** RFC 9110, section 8.6: otherwise the length is that of a body which is not sent. */
function hasBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== NOT_MODIFIED;
}

function lengthOf(headers: ReadonlyMap<string, string>): number {
  return Number(headers.get('content-length') ?? 0);
}

async function readBody({ body, statusCode }: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new OutboundError('too-large', { status: statusCode });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readHeaders(headers: Dispatcher.ResponseData['headers']): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'set-cookie') continue;
    read.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return read;
}
