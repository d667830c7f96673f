import { findProduct, LIMITED_MAX, type QuoteRequest, quoteOf } from './contract.ts';
import type { Work } from './work.ts';

const HOST = { Host: '127.0.0.1' } as const;
const JSON_BODY = { 'Content-Type': 'application/json' } as const;

const quoteRequest: QuoteRequest = {
  customer: { name: 'Ada Lovelace', email: 'ada@mail.example' },
  items: [
    { sku: 'pan-28', quantity: 2 },
    { sku: 'lid-28', quantity: 2 },
    { sku: 'oil-05', quantity: 12 },
  ],
  note: 'Leave it with the neighbours, please.',
};

/** Bytes of the large body's text: 64 KiB. */
const LARGE_TEXT_UNITS = 64 * 1024;

/** Whose token the signed-in work carries. */
export const USER_ID = '0193e3b0-0000-7000-8000-000000000001';

/** The public read. */
export const publicGet: Work = {
  name: 'public GET',
  method: 'GET',
  path: '/api/products/p-42',
  headers: HOST,
  status: 200,
  answer: findProduct('p-42'),
};

/** The read of a caller with a token. */
export function signedInGet(token: string): Work {
  return {
    name: 'signed-in GET',
    method: 'GET',
    path: '/api/account',
    headers: { ...HOST, Authorization: `Bearer ${token}` },
    status: 200,
    answer: { userId: USER_ID, role: 'user' },
  };
}

/** The write whose body is checked. */
export const validatedPost: Work = withBody('validated POST', '/api/quotes', quoteRequest, quoteOf(quoteRequest));

/** The large body. */
export const largePost: Work = withBody(
  '64 KiB body',
  '/api/documents',
  { text: 'x'.repeat(LARGE_TEXT_UNITS) },
  { length: LARGE_TEXT_UNITS },
);

/** The request of a caller that has used up its limit; {@link LIMITED_MAX} requests go before it. */
export const limitedGet: Work = {
  name: '429',
  method: 'GET',
  path: '/api/limited',
  headers: HOST,
  status: 429,
};

/** The write that runs once for a key, and costs a transaction. */
export function order(token: string): Work {
  const body = { sku: 'pan-28', quantity: 2 };
  const { answer: _differs, ...work } = withBody('idempotent POST', '/api/orders', body, {});
  return {
    ...work,
    headers: { ...work.headers, Authorization: `Bearer ${token}` },
    uniqueKeys: true,
    status: 201,
  };
}

/** How often the limited route is asked before it is measured. */
export const LIMITED_FIRST = LIMITED_MAX + 1;

/** What every variant refuses with one of these, so that none of them measures a check that it does not make. */
export function refusals(token: string): readonly { readonly work: Work; readonly allowed: readonly number[] }[] {
  const refused = 400;
  return [
    { work: { ...signedInGet(token), headers: HOST, status: 401 }, allowed: [401] },
    { work: signedInGet(`${token.slice(0, -8)}AAAAAAAA`), allowed: [401] },
    {
      work: { ...validatedPost, body: JSON.stringify({ ...quoteRequest, admin: true }) },
      allowed: [refused, 422],
    },
    { work: { ...validatedPost, body: JSON.stringify({ ...quoteRequest, items: 'all' }) }, allowed: [refused, 422] },
    { work: { ...validatedPost, body: '{"customer":' }, allowed: [refused] },
    { work: { ...publicGet, path: '/api/nothing' }, allowed: [404] },
  ];
}

function withBody(name: string, path: string, body: object, answer: object): Work {
  const text = JSON.stringify(body);
  return {
    name,
    method: 'POST',
    path,
    headers: { ...HOST, ...JSON_BODY, 'Content-Length': String(text.length) },
    body: text,
    status: 200,
    answer,
  };
}
