import { bundledPackagesPlugin } from '@redoubt/build';
import { preparedSchemasPlugin } from '@redoubt/server/build';
import type { Plugin, RolldownOptions } from 'rolldown';

import type { Service } from '../src/define-service.ts';
import type { SchemaCollection } from '../src/build/collect-schemas.ts';

// What only a development start loads, by dynamic import; production refuses to get there.
const developmentOnly = ['@electric-sql/pglite', 'pino-pretty'];

// An import of node:http makes Node read each of its exports, and one of them loads a WebSocket client: 20 ms of every
// start, and half of a health check. The object itself, which `require` gives, reads nothing.
const HTTP_MODULE = '\0node-http';
const plainHttp: Plugin = {
  name: 'plain-http',
  resolveId: (source, _importer, { kind }) =>
    kind === 'import-statement' && /^(?:node:)?http$/.test(source) ? HTTP_MODULE : undefined,
  load: (id) =>
    id === HTTP_MODULE
      ? `const http = process.getBuiltinModule('node:http');
         export default http;
         export const { Agent, IncomingMessage, STATUS_CODES, ServerResponse, get, request } = http;
         export const { validateHeaderName, validateHeaderValue } = http;`
      : undefined,
};

/** What is built, and what is beside it. */
export interface BundledService {
  /** Loads the service. */
  load(): Promise<{ readonly service: Service }>;
  /** What its schemas are collected with. */
  readonly collection?: () => Promise<SchemaCollection>;
}

/** The configuration of rolldown for the production bundle of a service: `src/main.ts` to `dist/main.js`. */
export function serviceBundle({ load, collection }: BundledService): RolldownOptions {
  const collect = async () => {
    const { collectSchemas } = await import('../src/build/collect-schemas.ts');
    return collectSchemas((await load()).service, await collection?.());
  };
  return {
    input: 'src/main.ts',
    platform: 'node',
    external: [...developmentOnly, 'pg-native'],
    plugins: [plainHttp, preparedSchemasPlugin(collect), bundledPackagesPlugin('main')],
    output: {
      dir: 'dist',
      // Parts have names of their own content: those of the last build would stay.
      cleanDir: true,
      entryFileNames: 'main.js',
      format: 'esm',
      // A part of its own for what is loaded on demand: a command, or the SDK of a cloud whose secrets nobody keeps here.
      chunkFileNames: '[name]-[hash].js',
      // Beside the bundle for whoever reads a stack trace; the image leaves it out.
      sourcemap: true,
      minify: false,
    },
  };
}
