import { Buffer } from 'node:buffer';
import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** No answer of a test server takes longer. */
const DEADLINE_MS = 10_000;

/**
 * Sends bytes to a port of this machine as they are and reads what comes back until the other side closes, so that a
 * test can say what no HTTP client would. Rejects when nothing closes in 10 s.
 */
export function sendRaw(port: number, bytes: string | Uint8Array): Promise<RawResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<RawResponse>();
  const chunks: Buffer[] = [];
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  socket.setTimeout(DEADLINE_MS, () => socket.destroy(new Error('the server kept the connection open')));
  socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
  socket.on('error', reject);
  socket.on('close', () => resolve(parseResponse(Buffer.concat(chunks).toString('latin1'))));
  return promise;
}

/** Reads the first answer in a text; status 0 when there is none. */
function parseResponse(text: string): RawResponse {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
}
