import { join } from 'node:path';

/** The folder of the repository, whatever folder the start was made from. */
export const repository = join(import.meta.dirname, '..', '..', '..', '..');
