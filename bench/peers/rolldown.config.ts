import { defineConfig } from 'rolldown';

// One file each. Bare Fastify is bundled whole, as the service is, for the comparison of starts; the others find their
// packages here: Nest looks for some of its own at run time.
const common = { platform: 'node', tsconfig: 'tsconfig.json' } as const;
const output = { dir: 'dist', format: 'esm', entryFileNames: '[name].js' } as const;

export default defineConfig([
  {
    ...common,
    input: ['src/bare-node.ts', 'src/bare-fastify.ts'],
    external: ['pg-native'],
    output,
  },
  {
    ...common,
    input: ['src/express.ts', 'src/hono.ts', 'src/nest.ts'],
    // The runtime of decorators is the bundler's own.
    external: [/^(?!@oxc-project\/)[a-z@]/],
    output,
  },
]);
