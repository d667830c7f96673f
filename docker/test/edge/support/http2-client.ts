import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2';

import { EDGE_PORT, readAuthority } from '../../support/stack.ts';
import { EDGE_NAME } from './raw-exchange.ts';

/** More than a test sends before the first is answered. */
const MAX_PINGS = 1_000_000;

/** An answer over HTTP/2; status 0 when the stream or its connection was ended without one. */
export interface Http2Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** A connection that outlives what is wrong with it: how it ends is for the test to say. */
export class Http2Connection implements Disposable {
  readonly session: ClientHttp2Session;

  private constructor(session: ClientHttp2Session) {
    this.session = session;
  }

  /** Resolves once the edge has said how many streams it takes. */
  static async open(port: number = EDGE_PORT): Promise<Http2Connection> {
    const ca = await readAuthority();
    const { promise, resolve, reject } = Promise.withResolvers<Http2Connection>();
    const options = { ca, servername: EDGE_NAME, maxOutstandingPings: MAX_PINGS };
    const session = connect(`https://${EDGE_NAME}:${port}`, options);
    session.once('remoteSettings', () => resolve(new Http2Connection(session)));
    session.once('error', reject);
    session.on('error', () => undefined);
    return promise;
  }

  /** Sends one request and reads its answer. */
  ask(headers: OutgoingHttpHeaders, body?: string): Promise<Http2Answer> {
    const stream = this.session.request({ ':method': body === undefined ? 'GET' : 'POST', ...headers });
    const answer = readStream(stream);
    stream.end(body);
    return answer;
  }

  [Symbol.dispose](): void {
    this.session.destroy();
  }
}

function readStream(stream: ClientHttp2Stream): Promise<Http2Answer> {
  const { promise, resolve } = Promise.withResolvers<Http2Answer>();
  const headers = new Map<string, string[]>();
  let body = '';
  stream.on('response', (_headers, _flags, raw: readonly string[]) => {
    for (let index = 0; index < raw.length; index += 2) {
      const [name = '', value = ''] = raw.slice(index, index + 2);
      headers.set(name, [...(headers.get(name) ?? []), value]);
    }
  });
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (body += chunk));
  // How a stream was refused is seen by what it has not: a status.
  stream.on('error', () => undefined);
  stream.on('close', () => resolve({ status: Number(headers.get(':status')?.[0] ?? 0), headers, body }));
  return promise;
}
