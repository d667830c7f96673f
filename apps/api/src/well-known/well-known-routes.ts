import type { RateLimit, Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';

/** How long verifiers may keep the key set: a new key is published at least this long before it signs (SR-52). */
const JWKS_MAX_AGE_SECONDS = 600;

/**
 * Apart from the limit of the API: a verifier must get the keys also when somebody at its address has used that up. The
 * answers are small and made from memory (SR-22).
 */
const rateLimit: RateLimit = {
  max: 300,
  windowSeconds: 60,
  by: 'address',
  group: 'well-known',
  whenStoreIsAway: 'local',
};

/** security.txt is valid for 30 days from each reading; RFC 9116 asks for less than a year (SR-79). */
const SECURITY_TXT_VALID_MS = 30 * 24 * 60 * 60 * 1000;

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

/** What the outside may know: the keys that prove our tokens, and where to report a hole. */
export function addWellKnownRoutes(app: Server, dependencies: AppDependencies, options: AppOptions): void {
  app.get(
    '/.well-known/jwks.json',
    {
      access: 'public',
      cache: { maxAgeSeconds: JWKS_MAX_AGE_SECONDS },
      rateLimit,
      schema: { response: { 200: KeySet } },
    },
    () => ({ keys: [...dependencies.keyRing.publicJwks().keys] }),
  );

  app.get(
    '/.well-known/security.txt',
    {
      access: 'public',
      produces: 'text/plain; charset=utf-8',
      rateLimit,
      schema: { response: { 200: Type.String({ maxLength: 2048 }) } },
    },
    (_request, reply) => {
      reply.type('text/plain; charset=utf-8');
      return securityTxt(options, dependencies.now());
    },
  );
}

/** RFC 9116: where to report, until when this holds, and where this file stands. */
function securityTxt({ securityContact, publicUrl }: AppOptions, nowMs: number): string {
  const expires = new Date(nowMs + SECURITY_TXT_VALID_MS).toISOString();
  const canonical = new URL('/.well-known/security.txt', publicUrl).href;
  return `Contact: ${securityContact}\nExpires: ${expires}\nCanonical: ${canonical}\nPreferred-Languages: en\n`;
}
