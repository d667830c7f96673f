import { defineConfig } from 'rolldown';

// What only a development start loads, by dynamic import; production refuses to get there.
const developmentOnly = ['@electric-sql/pglite', 'pino-pretty'];

export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  external: [...developmentOnly, 'pg-native'],
  output: {
    dir: 'dist',
    entryFileNames: 'main.js',
    format: 'esm',
    // One file: a lazy part of a library becomes part of it.
    codeSplitting: false,
    // Beside the bundle for whoever reads a stack trace; the image leaves it out.
    sourcemap: true,
    minify: false,
  },
});
