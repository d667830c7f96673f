import { InvalidAccessTokenError } from '../errors.ts';
import { parseJsonObject } from './json-object.ts';
import { ACCESS_TOKEN_TYPE } from './access-token-profile.ts';

/**
 * The only members a header may have. Whatever else RFC 7515 knows either brings a key along (`jwk`, `jku`, `x5u`,
 * `x5c`; SR-4) or changes how the token is read (`crit`, `b64`, `zip`).
 */
const MEMBERS: ReadonlySet<string> = new Set(['alg', 'kid', 'typ']);
/** What `typ` of an access token may be: RFC 9068, section 4, allows both spellings. */
export const ACCESS_TOKEN_TYPES: ReadonlySet<unknown> = new Set([
  ACCESS_TOKEN_TYPE,
  `application/${ACCESS_TOKEN_TYPE}`,
]);
/** A key's id is a name in a table, never a path, a query or an address (SR-4). */
const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Answers whether a value can be the id of a key. */
export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && KEY_ID.test(value);
}

/** What the header of an access token says. The algorithm is only a claim: the key decides (SR-3). */
export interface AccessTokenHeader {
  readonly alg: unknown;
  readonly kid: string;
}

/**
 * Reads the header of an access token, whose `typ` is one of `types`: those of RFC 9068 unless an issuer is known to
 * write others.
 *
 * @throws {InvalidAccessTokenError}
 */
export function parseAccessTokenHeader(
  bytes: Uint8Array,
  types: ReadonlySet<unknown> = ACCESS_TOKEN_TYPES,
): AccessTokenHeader {
  const header = parseJsonObject(bytes);
  if (header === undefined) throw new InvalidAccessTokenError('header');
  for (const member of header.keys()) if (!MEMBERS.has(member)) throw new InvalidAccessTokenError('header');
  if (!types.has(header.get('typ'))) throw new InvalidAccessTokenError('type');
  const kid = header.get('kid');
  if (!isKeyId(kid)) throw new InvalidAccessTokenError('key-id');
  return { alg: header.get('alg'), kid };
}
