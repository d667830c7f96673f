import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { readEnvironment } from '@redoubt/config';

import { supervise } from './supervisor/supervise.ts';

const repository = join(import.meta.dirname, '..', '..', '..', '..');

export async function superviseDevelopment(entry: string): Promise<number> {
  const environment = readEnvironment();
  const { DATABASE_URL, LOCAL_DIRECTORY = '.local' } = environment;
  const packages = await readdir(join(repository, 'packages'));
  return supervise({
    entry,
    environment,
    watched: [
      dirname(entry),
      join(dirname(entry), '..', 'migrations'),
      ...packages.map((name) => join(repository, 'packages', name, 'src')),
    ],
    ...(DATABASE_URL === undefined ? { databaseDirectory: resolve(repository, LOCAL_DIRECTORY, 'database') } : {}),
  });
}
