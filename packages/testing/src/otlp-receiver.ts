import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A name with its value, as OTLP writes it in JSON. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A span, as OTLP writes it in JSON. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly OtlpAttribute[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly OtlpAttribute[] }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

/** What a receiver does with what it gets. */
export interface OtlpReceiverOptions {
  /** `'hang'`: it reads, and never answers. Default: 200 and an empty answer. */
  readonly answer?: 'hang' | { readonly status: number; readonly body?: string };
}

/** A collector for tests. */
export interface OtlpReceiver {
  /** What a service is told as the endpoint. */
  readonly origin: string;
  /** The spans of all deliveries so far. */
  spans(): readonly OtlpSpan[];
  /** All bodies so far, to be searched for what must not be there. */
  text(): string;
  /** The path and headers of each delivery so far. */
  deliveries(): readonly { readonly path: string | undefined; readonly headers: IncomingHttpHeaders }[];
  /** Resolves when the next delivery has been read. */
  nextDelivery(): Promise<void>;
  /** Changes what it does. */
  answerWith(answer: OtlpReceiverOptions['answer']): void;
  close(): Promise<void>;
}

interface Delivered {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
}

/** Starts a collector on a free port of the loopback: OTLP over HTTP, in JSON. */
export async function createOtlpReceiver({ answer: first }: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const bodies: string[] = [];
  const deliveries: { path: string | undefined; headers: IncomingHttpHeaders }[] = [];
  let answer = first;
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    bodies.push(body);
    deliveries.push({ path: request.url, headers: request.headers });
    server.emit('delivery');
    if (answer === 'hang') return;
    response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json' }).end(answer?.body ?? '{}');
  };
  const server = createServer((request, response) => {
    // Who hung up over its body is not here to be answered.
    receive(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => bodies.flatMap(spansOf),
    text: () => bodies.join('\n'),
    deliveries: () => deliveries,
    async nextDelivery() {
      await once(server, 'delivery');
    },
    answerWith(next) {
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

function spansOf(body: string): readonly OtlpSpan[] {
  return (JSON.parse(body) as Delivered).resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans),
  );
}
