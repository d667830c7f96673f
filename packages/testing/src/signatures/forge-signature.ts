import { Buffer } from 'node:buffer';
import { createHash, createHmac, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a forged signature covers and says, before anything of it is wrong. */
export interface ForgedRequest {
  readonly method: string;
  readonly host: string;
  /** Path and query. */
  readonly target: string;
  /** Absent: no body, and no digest. */
  readonly body?: string | Uint8Array;
}

/** A key as a forger has it: a private key, or the bytes of a shared secret. */
export type ForgerKey = KeyObject | Buffer;

/** Everything that a test may say otherwise than an honest signer. */
export interface Forgery {
  readonly components: (readonly [identifier: string, value: string])[];
  /** Each as it is written: `created=1`, `nonce="…"`. */
  readonly parameters: string[];
  readonly label: string;
  /** The `Content-Digest` header. */
  digest: string | undefined;
}

/** The headers that come of it. */
export type ForgedHeaders = Record<'signature-input' | 'signature', string> & { 'content-digest'?: string };

/** What every honest signature of these tests says. */
export interface ForgedParameters {
  readonly keyId: string;
  readonly algorithm: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly tag?: string;
}

/**
 * Starts from what an honest signer says in the profile of docs/decisions/016-signed-requests.md. Written apart from the
 * code under test, so that the two agree about RFC 9421 or a test fails.
 */
export function honestForgery(request: ForgedRequest, parameters: ForgedParameters): Forgery {
  const [path = '', ...query] = request.target.split('?');
  const { keyId, algorithm, created, tag = 'service-call' } = parameters;
  const digest = request.body === undefined ? undefined : digestHeader(request.body);
  const forgery: Forgery = {
    components: [
      ['"@method"', request.method],
      ['"@authority"', request.host],
      ['"@path"', path],
      ['"@query"', `?${query.join('?')}`],
    ],
    parameters: [
      `created=${created}`,
      `nonce="${randomBytes(16).toString('base64url')}"`,
      `keyid="${keyId}"`,
      `alg="${algorithm}"`,
      `tag="${tag}"`,
    ],
    label: 'sig',
    digest,
  };
  if (digest !== undefined) forgery.components.push(['"content-digest"', digest]);
  return forgery;
}

/** Signs whatever a forgery says, with a real key: what is wrong with it is not the signature. */
export function signForgery({ components, parameters, label, digest }: Forgery, key: ForgerKey): ForgedHeaders {
  const list = `(${components.map(([identifier]) => identifier).join(' ')})`;
  const covered = [list, ...parameters].join(';');
  const lines = [...components, ['"@signature-params"', covered] as const].map(([name, value]) => `${name}: ${value}`);
  const signature = signText(lines.join('\n'), key).toString('base64');
  return {
    'signature-input': `${label}=${covered}`,
    signature: `${label}=:${signature}:`,
    ...(digest === undefined ? {} : { 'content-digest': digest }),
  };
}

/** The `Content-Digest` of a body (RFC 9530). */
export function digestHeader(body: string | Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

function signText(text: string, key: ForgerKey): Buffer {
  return Buffer.isBuffer(key) ? createHmac('sha256', key).update(text).digest() : sign(null, Buffer.from(text), key);
}
