import { Buffer } from 'node:buffer';
import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';

/** What a token says. */
export type TestClaims = Readonly<Record<string, unknown>>;

/** Signs tokens of a test. Its key is nobody else's, and does not outlive the process. */
export interface TestTokenIssuer {
  /** In PEM. */
  readonly publicKey: string;
  issue(claims: TestClaims): string;
}

/** JWS signatures are the two numbers side by side (RFC 7518, section 3.4). */
const ENCODING = 'ieee-p1363';

/** Creates an issuer of ES256 tokens. */
export function createTestTokenIssuer(): TestTokenIssuer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    issue(claims) {
      const signed = [{ alg: 'ES256', typ: 'JWT' }, claims].map(encode).join('.');
      const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: ENCODING });
      return `${signed}.${signature.toString('base64url')}`;
    },
  };
}

/** What a token says when the key has signed it; undefined otherwise. */
export function verifyTestJwt(token: string, key: KeyObject): TestClaims | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  if (!verify('sha256', Buffer.from(`${header}.${payload}`), { key, dsaEncoding: ENCODING }, bytes)) return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as TestClaims;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
