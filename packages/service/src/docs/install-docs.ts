import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import fastifySwagger from '@fastify/swagger';
import { notLimited, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { Service } from '../define-service.ts';
import { describeRoute } from './describe-route.ts';
import { docsPage, docsScript } from './docs-page.ts';

/**
 * What the reference page may do, and nothing more: its own scripts and styles, the pictures that its style sheet
 * carries as data, and requests to this service. No code from text, no inline script, no other host.
 */
const DOCS_CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Larger than any file of the page. */
const Asset = Type.String({ maxLength: 4_000_000 });

/** The page asks for all of its files each time that it is opened. */
const rateLimit = notLimited('exists in development only');

/** One file of the page. */
interface DocsFile {
  readonly url: string;
  readonly type: string;
  readonly content: string;
}

/**
 * Adds the OpenAPI document (`/openapi.json`) and a reference page (`/docs`). For development: in production the
 * surface of a service is nobody's to browse (SR-60), and `main.ts` does not contain this.
 */
export async function installDocs(
  app: Server,
  { name, description }: Pick<Service, 'name' | 'description'>,
): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: name, version: '0.1.0', description },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: describeRoute,
  });
  for (const file of await readDocsFiles()) addFile(app, file);
  app.get(
    '/openapi.json',
    { access: 'public', rateLimit, schema: { hide: true, response: { 200: Asset } } },
    (request, reply) => {
      // Made by the generator from what routes declare, not from a row: it needs no response schema.
      request.payloadOrigin = 'serialised';
      reply.type('application/json; charset=utf-8');
      return JSON.stringify(app.swagger());
    },
  );
}

function addFile(app: Server, { url, type, content }: DocsFile): void {
  app.get(
    url,
    { access: 'public', produces: type, rateLimit, schema: { hide: true, response: { 200: Asset } } },
    (_request, reply) => {
      reply.type(type).header('content-security-policy', DOCS_CONTENT_SECURITY_POLICY);
      return content;
    },
  );
}

async function readDocsFiles(): Promise<DocsFile[]> {
  return [
    { url: '/docs', type: 'text/html; charset=utf-8', content: docsPage },
    { url: '/docs/start.js', type: 'text/javascript; charset=utf-8', content: docsScript },
    {
      url: '/docs/swagger-ui-bundle.js',
      type: 'text/javascript; charset=utf-8',
      content: await readAsset('swagger-ui-bundle.js'),
    },
    { url: '/docs/swagger-ui.css', type: 'text/css; charset=utf-8', content: await readAsset('swagger-ui.css') },
  ];
}

function readAsset(name: string): Promise<string> {
  return readFile(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`)), 'utf8');
}
