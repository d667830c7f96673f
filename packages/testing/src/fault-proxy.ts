import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestCertificate } from './certificates/test-authority.ts';
import type { Fault, FaultScope, InjectedFault, SeenRequest } from './fault-proxy/fault.ts';
import { FaultRegister } from './fault-proxy/fault-register.ts';
import { collect, forward, type Upstream } from './fault-proxy/forward.ts';
import { perform, send } from './fault-proxy/perform.ts';

/** Where a proxy passes requests on to, and what it presents itself with. */
export interface FaultProxyOptions {
  readonly upstream: Upstream;
  /** Absent: the proxy speaks plain HTTP. */
  readonly tls?: TestCertificate;
}

/** An HTTP server between a client and its server, which can be told to misbehave. */
export interface FaultProxy {
  /** Without a slash at its end: `http://127.0.0.1:4711`, or `https:`. */
  readonly url: string;
  readonly port: number;
  /** Every request since the start, in order. */
  readonly requests: readonly SeenRequest[];
  /** Connections that are open now. */
  readonly connections: number;
  /** Makes a fault of the next requests. Of two that meet one request, the one injected last is made. */
  inject(fault: Fault, scope?: FaultScope): InjectedFault;
  /** Removes every fault. */
  clear(): void;
  /** Resets every connection, busy or idle; new ones are taken. */
  cutConnections(): void;
  close(): Promise<void>;
}

/** Faults whose connection the client cannot abandon. */
const ENDED_BY_PROXY: ReadonlySet<Fault['kind']> = new Set(['cut', 'truncate']);

/** Starts a proxy on a free port of the loopback. */
export async function createFaultProxy({ upstream, tls }: FaultProxyOptions): Promise<FaultProxy> {
  const register = new FaultRegister();
  const requests: SeenRequest[] = [];
  const listener: RequestListener = (incoming, response) => {
    // What fails is the client's own end, which `abandoned` counts.
    handle(upstream, register, requests, incoming, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer(optionsOf(tls), listener);
  const sockets = trackSockets(server);
  const port = await listen(server);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return sockets.size;
    },
    inject: (fault, scope = {}) => register.inject(fault, scope),
    clear: () => register.clear(),
    cutConnections: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () => close(server, sockets),
  };
}

async function handle(
  upstream: Upstream,
  register: FaultRegister,
  requests: SeenRequest[],
  incoming: IncomingMessage,
  response: Parameters<RequestListener>[1],
): Promise<void> {
  const request = await readRequest(incoming);
  requests.push(request);
  const record = register.take(request);
  if (record === undefined) {
    send(response, await forward(upstream, request));
    return;
  }
  response.once('close', () => {
    if (!response.writableFinished && !ENDED_BY_PROXY.has(record.fault.kind)) record.abandoned += 1;
  });
  await perform(record.fault, response, () => forward(upstream, request));
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  const { method = '', url = '', headers } = incoming;
  return { method, path: url, headers, body: await collect(incoming) };
}

function optionsOf({ certificate, key }: TestCertificate) {
  return { cert: certificate, key };
}

/** Those of the wire: with TLS, a reset has to reach the socket below it. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

function listen(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  return promise;
}

function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  for (const socket of sockets) socket.destroy();
  return promise;
}
