import { InvalidAccessTokenError } from '../errors.ts';
import { parseJsonObject } from './json-object.ts';
import { ACCESS_TOKEN_TYPE } from './access-token-profile.ts';

/**
 * The only members a header may have. Whatever else RFC 7515 knows either brings a key along (`jwk`, `jku`, `x5u`,
 * `x5c`; SR-4) or changes how the token is read (`crit`, `b64`, `zip`).
 */
const MEMBERS: ReadonlySet<string> = new Set(['alg', 'kid', 'typ']);
/** RFC 9068, section 4, allows both spellings. */
const TYPES: ReadonlySet<unknown> = new Set([ACCESS_TOKEN_TYPE, `application/${ACCESS_TOKEN_TYPE}`]);
/** A key's id is a name in a table, never a path, a query or an address (SR-4). */
const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** What the header of an access token says. The algorithm is only a claim: the key decides (SR-3). */
export interface AccessTokenHeader {
  readonly alg: unknown;
  readonly kid: string;
}

/**
 * Reads the header of an access token.
 *
 * @throws {InvalidAccessTokenError}
 */
export function parseAccessTokenHeader(bytes: Uint8Array): AccessTokenHeader {
  const header = parseJsonObject(bytes);
  if (header === undefined) throw new InvalidAccessTokenError('header');
  for (const member of header.keys()) if (!MEMBERS.has(member)) throw new InvalidAccessTokenError('header');
  if (!TYPES.has(header.get('typ'))) throw new InvalidAccessTokenError('type');
  const kid = header.get('kid');
  if (typeof kid !== 'string' || !KEY_ID.test(kid)) throw new InvalidAccessTokenError('key-id');
  return { alg: header.get('alg'), kid };
}
