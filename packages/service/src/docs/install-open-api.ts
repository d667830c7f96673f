import fastifySwagger from '@fastify/swagger';
import type { Server } from '@redoubt/server';

import type { Service } from '../define-service.ts';
import { completeDocument, type RouteDocument } from './complete-document.ts';
import { describeRoute } from './describe-route.ts';

/** How users prove themselves; services do it by their certificate or a signature, beneath the document. */
const BEARER = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'An access token of this service or of an issuer that it trusts, checked as RFC8725 has it.',
} as const;

/** Collects the routes that are added from here on into an OpenAPI document: `app.swagger()`, once the server is ready. */
export async function installOpenApi(
  app: Server,
  { name, description }: Pick<Service, 'name' | 'description'>,
): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: name, version: '0.1.0', description },
      components: { securitySchemes: { bearer: BEARER } },
    },
    transform: describeRoute,
    transformObject: (parts) =>
      completeDocument(('openapiObject' in parts ? parts.openapiObject : {}) as RouteDocument),
  });
}
