import type { RateLimit, Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { ServiceDependencies, ServiceOptions } from '../service-dependencies.ts';

/**
 * Apart from the limit of the API: who asks must get an answer also when somebody at its address has used that up. The
 * answers are small and made from memory (SR-22).
 */
export const wellKnownLimit: RateLimit = {
  max: 300,
  windowSeconds: 60,
  by: 'address',
  group: 'well-known',
  whenStoreIsAway: 'local',
};

/** security.txt is valid for 30 days from each reading; RFC 9116 asks for less than a year (SR-79). */
const SECURITY_TXT_VALID_MS = 30 * 24 * 60 * 60 * 1000;

/** Where to report a hole. */
export function addSecurityTxtRoute(app: Server, { now }: ServiceDependencies, options: ServiceOptions): void {
  app.get(
    '/.well-known/security.txt',
    {
      access: 'public',
      produces: 'text/plain; charset=utf-8',
      rateLimit: wellKnownLimit,
      schema: { response: { 200: Type.String({ maxLength: 2048 }) } },
    },
    (_request, reply) => {
      reply.type('text/plain; charset=utf-8');
      return securityTxt(options, now());
    },
  );
}

/** RFC 9116: where to report, until when this holds, and where this file stands. */
function securityTxt({ securityContact, publicUrl }: ServiceOptions, nowMs: number): string {
  const expires = new Date(nowMs + SECURITY_TXT_VALID_MS).toISOString();
  const canonical = new URL('/.well-known/security.txt', publicUrl).href;
  return `Contact: ${securityContact}\nExpires: ${expires}\nCanonical: ${canonical}\nPreferred-Languages: en\n`;
}
