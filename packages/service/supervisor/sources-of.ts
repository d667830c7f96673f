import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The directories whose files a service in `apps/` is made of: its own, and those of the packages. */
export async function sourcesOf(repository: string, ownSources: string): Promise<readonly string[]> {
  const packages = await readdir(join(repository, 'packages'));
  const directories = [
    ownSources,
    join(ownSources, '..', 'migrations'),
    ...packages.map((name) => join(repository, 'packages', name, 'src')),
  ];
  return directories.filter((directory) => existsSync(directory));
}
