import type { Server } from '@redoubt/server';
import { wellKnownLimit } from '@redoubt/service';
import { Type } from '@sinclair/typebox';

import type { AppDependencies } from '../app-dependencies.ts';

/** How long verifiers may keep the key set: a new key is published at least this long before it signs (SR-52). */
const JWKS_MAX_AGE_SECONDS = 600;

const PublicKey = Type.Object(
  {
    kty: Type.String({ maxLength: 8 }),
    crv: Type.String({ maxLength: 16 }),
    x: Type.String({ maxLength: 128 }),
    y: Type.Optional(Type.String({ maxLength: 128 })),
    kid: Type.String({ maxLength: 64 }),
    alg: Type.String({ maxLength: 16 }),
    use: Type.Literal('sig'),
  },
  { additionalProperties: false },
);

const KeySet = Type.Object({ keys: Type.Array(PublicKey, { maxItems: 16 }) }, { additionalProperties: false });

/** The keys that prove our tokens: a verifier gets them also when somebody at its address has used up the limit of the API. */
export function addKeySetRoute(app: Server, { keyRing }: Pick<AppDependencies, 'keyRing'>): void {
  app.get(
    '/.well-known/jwks.json',
    {
      access: 'public',
      cache: { maxAgeSeconds: JWKS_MAX_AGE_SECONDS },
      rateLimit: wellKnownLimit,
      schema: { response: { 200: KeySet } },
    },
    () => ({ keys: [...keyRing.publicJwks().keys] }),
  );
}
