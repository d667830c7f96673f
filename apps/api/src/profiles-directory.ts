import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** In an image: beside `dist/`, as the migrations are. */
const inImage = join(import.meta.dirname, '..', 'profiles');

/** In the repository, from `src/` and from `dist/` on. */
const inRepository = join(import.meta.dirname, '..', '..', '..', 'deploy', 'profiles');

/** Where the settings files of the profiles stand. The image first: nothing above it may even be looked for there (SR-20). */
export function profilesDirectory(): string {
  return existsSync(inImage) ? inImage : inRepository;
}
