/**
 * The service on a developer's machine: `pnpm dev`. Nothing has to be installed or prepared; what it needs it makes in
 * `.local/`. With `DATABASE_URL` or `VALKEY_URL` set it uses those servers instead of the embedded ones.
 */
import { serveForDevelopment } from './development/serve-for-development.ts';
import { runCommand } from './run-command.ts';

await runCommand(serveForDevelopment);
