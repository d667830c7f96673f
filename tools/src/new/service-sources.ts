import { NewError } from './new-error.ts';
import type { Repository } from './repository.ts';

/** What a module has to know of the service that it is added to. */
export interface ServiceSources {
  /** The file with `defineDatabase`, from the repository on. */
  readonly databaseFile: string;
  /** What its tables are called. */
  readonly schema: string;
  /** What `service.ts` exports. */
  readonly definition: string;
  /** The file with the list of modules. */
  readonly modulesFile: string;
  /** Whether it opens what only it leans on: its tests are given what stands in for that, by `throwawayAdapters`. */
  readonly opens: 'something' | 'nothing';
}

/** @throws {NewError} when the service has not these files. */
export function sourcesOf(repository: Repository, folder: string): ServiceSources {
  const { path: databaseFile, match: schema } = findIn(repository, folder, /\bdefineDatabase<(?<found>\w+)>\(/);
  const { match: definition } = findIn(repository, folder, /\bexport const (?<found>\w+) = defineService\(/);
  return {
    databaseFile,
    schema,
    definition,
    modulesFile: `${folder}/src/modules.ts`,
    opens: repository.has(`${folder}/src/build/throwaway-adapters.ts`) ? 'something' : 'nothing',
  };
}

function findIn(repository: Repository, folder: string, pattern: RegExp): { path: string; match: string } {
  for (const path of repository.find(`${folder}/src/*.ts`)) {
    const match = pattern.exec(repository.read(path))?.groups?.['found'];
    if (match !== undefined) return { path, match };
  }
  throw new NewError(`no file of ${folder}/src has ${pattern.source}`);
}
