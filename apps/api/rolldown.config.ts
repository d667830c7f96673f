import { defineConfig } from 'rolldown';

// What only a development start loads, by dynamic import; production refuses to get there.
const developmentOnly = ['@electric-sql/pglite', 'pino-pretty'];

export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  external: [...developmentOnly, 'pg-native'],
  output: {
    dir: 'dist',
    // Parts have names of their own content: those of the last build would stay.
    cleanDir: true,
    entryFileNames: 'main.js',
    format: 'esm',
    // A part of its own for what is loaded on demand: who keeps no secret in a cloud does not read that cloud's SDK.
    chunkFileNames: '[name]-[hash].js',
    // Beside the bundle for whoever reads a stack trace; the image leaves it out.
    sourcemap: true,
    minify: false,
  },
});
