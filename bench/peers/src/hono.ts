/** Hono on Node with its own middleware: secure-headers, cors, jwt, request-id, and zod validators. */
import type { Server } from 'node:http';

import { createAdaptorServer } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { jwt } from 'hono/jwt';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { rateLimiter } from 'hono-rate-limiter';
import { pino } from 'pino';

import {
  findProduct,
  LIMITED_MAX,
  LIMITED_WINDOW_SECONDS,
  quoteOf,
  UNREACHED_MAX,
} from '../../src/contract/contract.ts';
import { runService } from '../../src/contract/run-service.ts';
import { documentRequest, productParams, quoteRequest } from './quote-schema.ts';

await runService(async ({ publicKeyPem, issuer, audience }) => {
  const logger = pino();
  const app = new Hono();
  const limit = (max: number, windowMs: number) =>
    rateLimiter({
      windowMs,
      limit: max,
      standardHeaders: 'draft-7',
      keyGenerator: (context) => getConnInfo(context).remote.address ?? 'unknown',
    });
  app.use(requestId());
  app.use(async (context, next) => {
    const start = performance.now();
    await next();
    logger.info({
      requestId: context.get('requestId'),
      method: context.req.method,
      path: context.req.path,
      status: context.res.status,
      durationMs: performance.now() - start,
    });
  });
  app.use(secureHeaders());
  app.use(cors({ origin: ['https://app.service.example'], credentials: true }));
  app.use(limit(UNREACHED_MAX, 900_000));
  app.use(bodyLimit({ maxSize: 100 * 1024 }));

  app.get('/api/products/:id', zValidator('param', productParams), (context) =>
    context.json(findProduct(context.req.valid('param').id)),
  );
  app.get(
    '/api/account',
    jwt({ secret: publicKeyPem, alg: 'ES256', verification: { iss: issuer, aud: audience } }),
    (context) => {
      const { sub, role } = context.get('jwtPayload') as { sub: string; role: string };
      return context.json({ userId: sub, role });
    },
  );
  app.post('/api/quotes', zValidator('json', quoteRequest), (context) =>
    context.json(quoteOf(context.req.valid('json'))),
  );
  app.post('/api/documents', zValidator('json', documentRequest), (context) =>
    context.json({ length: context.req.valid('json').text.length }),
  );
  app.get('/api/limited', limit(LIMITED_MAX, LIMITED_WINDOW_SECONDS * 1000), (context) => context.json({ length: 0 }));
  return createAdaptorServer({ fetch: app.fetch }) as Server;
});
