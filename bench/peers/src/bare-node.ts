/** Node's own server and nothing else: what a request costs before there is a framework. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { findProduct, quoteOf, type QuoteRequest } from '../../src/contract/contract.ts';
import { runService } from '../../src/contract/run-service.ts';
import { createBareVerifier } from './bare-verifier.ts';

await runService(async (config) => {
  const verify = createBareVerifier(config);
  return createServer((request, response) => {
    const url = request.url ?? '/';
    if (request.method === 'GET' && url.startsWith('/api/products/')) {
      send(response, 200, findProduct(url.slice('/api/products/'.length)));
      return;
    }
    if (request.method === 'GET' && url === '/api/account') {
      const caller = verify(request.headers.authorization);
      if (caller === undefined) send(response, 401, { title: 'unauthenticated' });
      else send(response, 200, caller);
      return;
    }
    if (request.method === 'GET' && url === '/api/limited') {
      send(response, 429, { title: 'too many requests' });
      return;
    }
    if (request.method === 'POST' && url === '/api/quotes') {
      readJson(request, (body) => send(response, 200, quoteOf(body as QuoteRequest)));
      return;
    }
    if (request.method === 'POST' && url === '/api/documents') {
      readJson(request, (body) => send(response, 200, { length: (body as { text: string }).text.length }));
      return;
    }
    send(response, 404, { title: 'not found' });
  });
});

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function readJson(request: IncomingMessage, done: (body: unknown) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => done(JSON.parse(Buffer.concat(chunks).toString())));
}
