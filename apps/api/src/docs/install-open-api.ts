import fastifySwagger from '@fastify/swagger';
import type { Server } from '@redoubt/server';

import { SERVICE_NAME } from '../settings.ts';
import { describeRoute } from './describe-route.ts';

/** Collects the routes that are added from here on into an OpenAPI document: `app.swagger()`, once the server is ready. */
export async function installOpenApi(app: Server): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: SERVICE_NAME, version: '0.1.0', description: 'The example service.' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: describeRoute,
  });
}
