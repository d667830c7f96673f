/** What the usual guide to hardening an Express service tells a team to install, as its documentation says to. */
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';

import cors from 'cors';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import jwt from 'jsonwebtoken';
import { pinoHttp } from 'pino-http';
import type { z } from 'zod';

import {
  findProduct,
  LIMITED_MAX,
  LIMITED_WINDOW_SECONDS,
  quoteOf,
  UNREACHED_MAX,
} from '../../src/contract/contract.ts';
import { runService } from '../../src/contract/run-service.ts';
import type { ServiceConfig } from '../../src/contract/service-config.ts';
import { documentRequest, productParams, quoteRequest } from './quote-schema.ts';

const handleError: ErrorRequestHandler = (error: { status?: number }, _request, response, _next) => {
  response.status(error.status ?? 500).json({ title: 'refused' });
};

await runService(async (config) => {
  const app = express();
  app.set('trust proxy', '127.0.0.1');
  app.use(
    pinoHttp({
      genReqId: (_request, response) => {
        const id = randomUUID();
        response.setHeader('x-request-id', id);
        return id;
      },
      redact: ['req.headers.authorization', 'req.headers.cookie'],
    }),
  );
  app.use(helmet());
  app.use(cors({ origin: ['https://app.service.example'], credentials: true }));
  app.use(rateLimit({ windowMs: 900_000, limit: UNREACHED_MAX, standardHeaders: 'draft-7', legacyHeaders: false }));
  app.use(express.json({ limit: '100kb' }));

  app.get('/api/products/:id', (request, response) => {
    const params = productParams.safeParse(request.params);
    if (!params.success) response.status(400).json({ title: 'invalid' });
    else response.json(findProduct(params.data.id));
  });
  app.get('/api/account', authenticate(config), (_request, response) => {
    response.json(response.locals['caller']);
  });
  app.post('/api/quotes', validate(quoteRequest), (request, response) => {
    response.json(quoteOf(request.body));
  });
  app.post('/api/documents', validate(documentRequest), (request, response) => {
    response.json({ length: request.body.text.length });
  });
  app.get(
    '/api/limited',
    rateLimit({ windowMs: LIMITED_WINDOW_SECONDS * 1000, limit: LIMITED_MAX, standardHeaders: 'draft-7' }),
    (_request, response) => {
      response.json({ length: 0 });
    },
  );
  app.use((_request, response) => {
    response.status(404).json({ title: 'not found' });
  });
  app.use(handleError);
  return createServer(app);
});

function authenticate({ publicKeyPem, issuer, audience }: ServiceConfig): RequestHandler {
  return (request, response, next) => {
    try {
      const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
      const claims = jwt.verify(token, publicKeyPem, { algorithms: ['ES256'], issuer, audience }) as jwt.JwtPayload;
      response.locals['caller'] = { userId: claims.sub, role: claims['role'] };
      next();
    } catch {
      response.status(401).json({ title: 'unauthenticated' });
    }
  };
}

function validate(schema: z.ZodType): RequestHandler {
  return (request, response, next) => {
    const parsed = schema.safeParse(request.body);
    if (!parsed.success) {
      response.status(400).json({ title: 'invalid' });
      return;
    }
    request.body = parsed.data;
    next();
  };
}
