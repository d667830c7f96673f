import { createVerifier } from 'fast-jwt';

import type { ServiceConfig } from '../../src/contract/service-config.ts';

/** Tokens that are remembered: as many as the hardened service remembers. */
const CACHE_SIZE = 10_000;

/** What a token says of its caller. */
export interface Caller {
  readonly userId: string;
  readonly role: string;
}

/** Verifies ES256 with a cache of verified tokens; `undefined` for whatever is wrong. */
export function createBareVerifier({ publicKeyPem, issuer, audience }: ServiceConfig) {
  const verify = createVerifier({
    key: publicKeyPem,
    algorithms: ['ES256'],
    allowedIss: issuer,
    allowedAud: audience,
    cache: CACHE_SIZE,
  });
  return (authorization: string | undefined): Caller | undefined => {
    if (authorization?.startsWith('Bearer ') !== true) return undefined;
    try {
      const { sub, role } = verify(authorization.slice('Bearer '.length)) as { sub: string; role: string };
      return { userId: sub, role };
    } catch {
      return undefined;
    }
  };
}
