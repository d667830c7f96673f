/**
 * The service on a developer's machine: `pnpm dev`. Nothing has to be installed or prepared; what it needs it makes in
 * `.local/`. With `DATABASE_URL` or `VALKEY_URL` set it uses those servers instead of the embedded ones.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';

import { runCommand } from './run-command.ts';

// Types that were stripped and code that was compiled once are not again: a third of a warm start.
enableCompileCache(join(import.meta.dirname, '..', '..', '..', '.local', 'compile-cache'));

await runCommand(async () => {
  // Loaded after the cache is on, so that the cache holds it.
  if (process.send === undefined) {
    const { superviseDevelopment } = await import('./development/supervise-development.ts');
    process.exitCode = await superviseDevelopment(import.meta.filename);
  } else {
    const { serveForDevelopment } = await import('./development/serve-for-development.ts');
    await serveForDevelopment();
  }
});
