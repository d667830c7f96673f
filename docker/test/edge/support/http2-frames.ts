import { Buffer } from 'node:buffer';
import { connect, type TLSSocket } from 'node:tls';

import { EDGE_PORT, readAuthority } from '../../support/stack.ts';
import { EDGE_NAME } from './raw-exchange.ts';

/** Types of frames (RFC 9113, section 6). */
const HEADERS = 0x1;
const RST_STREAM = 0x3;
const SETTINGS = 0x4;
const GOAWAY = 0x7;

/** Flags of a request without a body, whose headers are one frame. */
const END_STREAM_AND_HEADERS = 0x5;

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const FRAME_HEADER_BYTES = 9;

/** Error codes (RFC 9113, section 7). */
const REFUSED_STREAM = 7;
const CANCEL = 8;

/** What the edge has said to a flood, by its own frames. */
export interface FloodOutcome {
  /** Bytes that the edge has taken. */
  readonly sentBytes: number;
  /** Streams that it refused by name, as far as that was read before the end. */
  readonly refused: number;
  /** Whether its last words were read, or it hung up on what was still being sent: TCP takes the last words along then. */
  readonly end: 'said' | 'hung up' | 'neither';
}

/** Longest wait for the end of a connection, in milliseconds. */
const DEADLINE_MS = 20_000;

/**
 * Opens streams and resets each at once, as fast as the connection takes them, and resolves when the edge has ended it. In
 * frames of our own: Node's client never sends the headers of a stream that is closed at once, and keeps to the number of
 * streams that the edge allows.
 *
 * @throws {Error} when the edge goes on taking streams.
 */
export async function floodWithResets(path: string, streams: number): Promise<FloodOutcome> {
  const socket = await openHttp2();
  const received: Buffer[] = [];
  let isReset = false;
  socket.on('error', () => {
    isReset = true;
  });
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  const ended = untilEnd(socket);
  const pairs = Array.from({ length: streams }, (_, index) => openAndReset(2 * index + 1, path));
  socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0), ...pairs]));
  await ended;
  const frames = parseFrames(Buffer.concat(received));
  const refused = frames.filter(
    ({ type, payload }) => type === RST_STREAM && payload.readUInt32BE() === REFUSED_STREAM,
  );
  const isSaid = frames.some(({ type }) => type === GOAWAY);
  const end = isSaid ? 'said' : isReset ? 'hung up' : 'neither';
  return { sentBytes: socket.bytesWritten, refused: refused.length, end };
}

async function openHttp2(): Promise<TLSSocket> {
  const ca = await readAuthority();
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const place = { host: '127.0.0.1', port: EDGE_PORT, servername: EDGE_NAME };
  const socket = connect({ ...place, ca, ALPNProtocols: ['h2'] }, () => resolve(socket));
  socket.once('error', reject);
  return promise;
}

function untilEnd(socket: TLSSocket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    socket.destroy();
    reject(new Error('the edge did not end the connection'));
  }, DEADLINE_MS);
  socket.once('close', () => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}

function openAndReset(stream: number, path: string): Buffer {
  const reason = Buffer.alloc(4);
  reason.writeUInt32BE(CANCEL);
  return Buffer.concat([
    frame(HEADERS, END_STREAM_AND_HEADERS, stream, requestHeaders(path)),
    frame(RST_STREAM, 0, stream, reason),
  ]);
}

/** `:method: GET` and `:scheme: https` by their place in the static table, the rest as literals (RFC 7541, appendix A). */
function requestHeaders(path: string): Buffer {
  return Buffer.concat([Buffer.from([0x82, 0x87]), literal(0x04, path), literal(0x01, EDGE_NAME)]);
}

function literal(name: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([name, value.length]), Buffer.from(value)]);
}

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

function parseFrames(bytes: Buffer): readonly { readonly type: number; readonly payload: Buffer }[] {
  const frames = [];
  for (let at = 0; at + FRAME_HEADER_BYTES <= bytes.length;) {
    const end = at + FRAME_HEADER_BYTES + bytes.readUIntBE(at, 3);
    frames.push({ type: bytes.readUInt8(at + 3), payload: bytes.subarray(at + FRAME_HEADER_BYTES, end) });
    at = end;
  }
  return frames;
}
