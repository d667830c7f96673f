import { join } from 'node:path';

/** Where the migrations stand: beside `src/` and, in production, beside `dist/`. */
export const migrationsDirectory = join(import.meta.dirname, '..', 'migrations');
