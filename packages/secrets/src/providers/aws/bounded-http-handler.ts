import { Buffer } from 'node:buffer';
import { addAbortSignal, type Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * Largest answer that is read: 512 KiB. A secret of 64 KiB whose every character JSON writes as six (`\u0000`) has
 * 384 KiB, and there are a few fields beside it.
 */
const MAX_ANSWER_BYTES = 512 * 1024;

/** Longest wait for a connection: 2 s; what takes longer inside a region is away. */
const CONNECT_TIMEOUT_MS = 2_000;

/**
 * Longest exchange, from the connection to the last byte: 5 s. Callers end their reads themselves; this ends what no
 * caller's signal reaches, which is the SDK's own signing in.
 */
const EXCHANGE_TIMEOUT_MS = 5_000;

/** Connections to one host: secrets are few, and read once a minute. */
const MAX_CONNECTIONS = 4;

/** How long a connection may be idle: 10 s, so that no read meets one that a load balancer or NAT has forgotten. */
const IDLE_TIMEOUT_MS = 10_000;

/** The SDK would print a warning of its own on the console when reads queue for a connection. */
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

type Handle = NodeHttpHandler['handle'];

/** Signals and answers of this handler are of Node; the SDK's types also allow those of a browser. */
type Signal = AbortSignal | undefined;

/** An answer goes on after {@link MAX_ANSWER_BYTES}. */
class OversizedAnswerError extends Error {
  override readonly name = 'OversizedAnswerError';
}

/** An answer is not UTF-8, in which AWS speaks; the SDK would put replacement characters into the secret. */
class MisencodedAnswerError extends Error {
  override readonly name = 'MisencodedAnswerError';
}

/**
 * The SDK's HTTP handler, which bounds how long an exchange takes and how much of an answer it reads: the SDK itself
 * reads to the end whatever comes, and stops to heed the signal once the head of an answer is there (SR-51).
 */
export class BoundedHttpHandler extends NodeHttpHandler {
  readonly #startDeadline: () => AbortSignal;

  constructor(startDeadline = () => AbortSignal.timeout(EXCHANGE_TIMEOUT_MS)) {
    const agent = { keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: IDLE_TIMEOUT_MS };
    super({ connectionTimeout: CONNECT_TIMEOUT_MS, httpAgent: agent, httpsAgent: agent, logger: SILENT });
    this.#startDeadline = startDeadline;
  }

  override async handle(...[request, options = {}]: Parameters<Handle>): ReturnType<Handle> {
    const deadline = this.#startDeadline();
    const signal = options.abortSignal as Signal;
    const abortSignal = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const { response } = await super.handle(request, { ...options, abortSignal });
    const body = addAbortSignal(abortSignal, response.body as Readable);
    response.body = await readBounded(body, response.statusCode);
    return { response };
  }
}

/** All of an answer. Of an error that does not end, nothing: its status says enough. */
async function readBounded(body: Readable, status: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop destroys the stream, and its connection with it.
    if (length > MAX_ANSWER_BYTES && status !== HTTP_OK) return new Uint8Array();
    if (length > MAX_ANSWER_BYTES) throw new OversizedAnswerError('The answer goes on after its largest size');
    chunks.push(chunk);
  }
  return asUtf8(Buffer.concat(chunks));
}

const HTTP_OK = 200;

function asUtf8(bytes: Buffer): Buffer {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return bytes;
  } catch {
    throw new MisencodedAnswerError('The answer is not UTF-8');
  }
}

function ignore(): void {
  // Nothing: see SILENT.
}
