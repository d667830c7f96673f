import { bundledPackagesPlugin } from '@redoubt/build';
import { defineConfig } from 'rolldown';

// Each program is one file: the image of the local stack copies them, and nothing else has to be there.
const output = { dir: 'dist', format: 'esm', sourcemap: false, minify: false } as const;

export default defineConfig([
  {
    input: 'src/bootstrap.ts',
    platform: 'node',
    plugins: [bundledPackagesPlugin('bootstrap')],
    output: { ...output, entryFileNames: 'bootstrap.js', codeSplitting: false },
  },
  {
    input: 'src/mail-sink.ts',
    platform: 'node',
    plugins: [bundledPackagesPlugin('mail-sink')],
    output: { ...output, entryFileNames: 'mail-sink.js', codeSplitting: false },
  },
  {
    input: 'src/served-certificates.ts',
    platform: 'node',
    plugins: [bundledPackagesPlugin('served-certificates')],
    output: { ...output, entryFileNames: 'served-certificates.js', codeSplitting: false },
  },
]);
