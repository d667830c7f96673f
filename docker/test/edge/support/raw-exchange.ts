import { Buffer } from 'node:buffer';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

import { EDGE_PORT, readAuthority } from '../../support/stack.ts';

/** Where bytes are sent, and how. */
export interface RawTarget {
  readonly port?: number;
  readonly transport?: 'tls' | 'plain';
  /** The name in the handshake; empty for none. */
  readonly servername?: string;
  /** Whose certificates are believed; absent: those of the stack under test. */
  readonly trust?: 'stack' | 'anybody';
}

/** Longest wait for the other side to close: longer than the edge waits for anybody. */
const DEADLINE_MS = 30_000;

/** The name by which the edge under test is known. */
export const EDGE_NAME = 'localhost';

let authority: Promise<string> | undefined;

/** Opens a connection to the edge, for a test that speaks slowly. The error of a refused handshake is its own. */
export async function openConnection(target: RawTarget = {}): Promise<Socket> {
  const { port = EDGE_PORT, transport = 'tls' } = target;
  const place = { port, host: '127.0.0.1' };
  const options = transport === 'tls' ? await tlsOptions(target) : undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const done = () => resolve(socket);
  const socket = options === undefined ? connectPlain(place, done) : connectTls({ ...place, ...options }, done);
  socket.once('error', reject);
  return promise;
}

async function tlsOptions({ servername = EDGE_NAME, trust = 'stack' }: RawTarget): Promise<ConnectionOptions> {
  const ours = { servername, checkServerIdentity: () => undefined };
  if (trust === 'anybody') return { ...ours, rejectUnauthorized: false };
  return { ...ours, ca: await (authority ??= readAuthority()) };
}

/**
 * Sends bytes as they are and reads until the other side closes, one way or another. Rejects when a handshake is refused,
 * or when nothing closes within 30 s.
 */
export async function exchange(bytes: string | Buffer, target: RawTarget = {}): Promise<string> {
  const socket = await openConnection(target);
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return readToEnd(socket);
}

/** Everything that still comes on a connection, until it is closed. */
export function readToEnd(socket: Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => {
    socket.destroy();
    reject(new Error('the edge kept the connection open'));
  }, DEADLINE_MS);
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A reset ends a connection as a close does: what came before it was the answer.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearTimeout(timer);
    resolve(Buffer.concat(chunks).toString('latin1'));
  });
  return promise;
}
