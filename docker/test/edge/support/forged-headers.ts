import type { RawAnswer } from './raw-answer.ts';

/** What gives a forged header away, wherever it comes out. */
export const FORGED_ADDRESS = '6.6.6.6';
export const FORGED_ID = 'forged-request-id-0001';
export const FORGED_TRACE = 'feedfacefeedfacefeedfacefeedface';

/** All that the API is sent by the edge for a client that says nothing of itself, in the order of the alphabet. */
export const HEADERS_OF_THE_EDGE = ['host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-request-id'];

/** The names of the headers that a stub says it was sent, in the same order. */
export function namesSent({ body }: RawAnswer): readonly string[] {
  const { rawHeaders } = JSON.parse(body) as { rawHeaders: readonly string[] };
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return names.toSorted();
}

/** What a client may say of itself, of the hop before it, or of the request, and who would believe it. */
export const forgedHeaders: readonly (readonly [name: string, value: string])[] = [
  ['X-Forwarded-For', FORGED_ADDRESS],
  ['X-Forwarded-For', `127.0.0.1, ${FORGED_ADDRESS}`],
  ['X-Forwarded-Host', 'evil.example'],
  ['X-Forwarded-Proto', 'http'],
  ['X-Forwarded-Port', '80'],
  ['X-Forwarded-Prefix', '/evil'],
  ['X-Forwarded', `for=${FORGED_ADDRESS}`],
  ['Forwarded', `for=${FORGED_ADDRESS};host=evil.example;proto=http`],
  ['X-Real-IP', FORGED_ADDRESS],
  ['X-Client-IP', FORGED_ADDRESS],
  ['X-Cluster-Client-IP', FORGED_ADDRESS],
  ['True-Client-IP', FORGED_ADDRESS],
  ['CF-Connecting-IP', FORGED_ADDRESS],
  ['Fastly-Client-IP', FORGED_ADDRESS],
  ['X-Original-URL', '/metrics'],
  ['X-Rewrite-URL', '/metrics'],
  ['X-Original-Host', 'evil.example'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-HTTP-Method', 'DELETE'],
  ['X-Method-Override', 'DELETE'],
  ['Proxy', 'http://evil.example/'],
  ['X-Internal-Caller', 'billing'],
  ['X-Client-Cert', 'forged'],
  ['X-SSL-Client-Cert', 'forged'],
  ['X-Forwarded-Client-Cert', 'By=spiffe://redoubt.internal/edge;URI=spiffe://redoubt.internal/billing'],
  ['X-Request-Id', FORGED_ID],
  ['X-Correlation-Id', FORGED_ID],
  ['Traceparent', `00-${FORGED_TRACE}-feedfacefeedface-01`],
  ['Tracestate', 'evil=1'],
  ['Baggage', 'evil=1'],
];
