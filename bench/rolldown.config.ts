import { preparedSchemasPlugin } from '@redoubt/server/build';
import { defineConfig, type Plugin } from 'rolldown';

import { collectSchemas } from './src/services/collect-schemas.ts';

// As the example service is bundled (apps/api/rolldown.config.ts): what production runs is what is measured.
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

export default defineConfig({
  input: { hardened: 'src/services/main.ts' },
  platform: 'node',
  external: ['@electric-sql/pglite', 'pino-pretty', 'pg-native'],
  plugins: [plainHttp, preparedSchemasPlugin(collectSchemas)],
  output: {
    dir: 'dist',
    cleanDir: true,
    entryFileNames: '[name].js',
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    minify: false,
  },
});
