/** What every answer has, with exactly this value, whoever made it (SR-31, SR-32, SR-34, SR-79). */
const GOLDEN: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-robots-tag': 'noindex',
  'cache-control': 'no-store',
  server: 'nginx',
};

/** What no answer has. */
const ABSENT = ['x-powered-by', 'x-xss-protection', 'via', 'x-runtime', 'x-aspnet-version', 'expect-ct'];

/** Minted at the edge (SR-47). */
const REQUEST_ID = /^[0-9a-f]{32}$/;

/** Headers of which an answer may have several. */
const MANY = new Set(['set-cookie', 'vary']);

/** What differs for some answers: other values, or `undefined` for a header that is absent there. */
export type Exceptions = Readonly<Record<string, string | undefined>>;

/** What is wrong with the headers of an answer, each fault in words; empty when all are as they have to be. */
export function headerFaults(
  headers: ReadonlyMap<string, readonly string[]>,
  exceptions: Exceptions = {},
): readonly string[] {
  const expected = new Map<string, string | undefined>(Object.entries({ ...GOLDEN, ...exceptions }));
  const wrong = [...expected]
    .map(([name, value]) => [name, value === undefined ? [] : [value], headers.get(name) ?? []] as const)
    .filter(([, wanted, sent]) => JSON.stringify(wanted) !== JSON.stringify(sent))
    .map(([name, , sent]) => `${name}: ${JSON.stringify(sent)}`);
  const present = ABSENT.filter((name) => headers.has(name)).map((name) => `${name} is there`);
  const doubled = [...headers]
    .filter(([name, values]) => values.length > 1 && !MANY.has(name))
    .map(([name]) => `${name} twice`);
  const ids = headers.get('x-request-id') ?? [];
  const id = ids.length === 1 && REQUEST_ID.test(ids[0] ?? '') ? [] : [`x-request-id: ${JSON.stringify(ids)}`];
  return [...wrong, ...present, ...doubled, ...id];
}
