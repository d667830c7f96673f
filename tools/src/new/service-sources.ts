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
  /** What a test builds the service with. */
  readonly adapters: { readonly importLine: string; readonly expression: string };
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
    adapters: adaptersOf(repository, folder),
  };
}

/** A test of a service that opens something of its own is given what stands in for it. */
function adaptersOf(repository: Repository, folder: string): ServiceSources['adapters'] {
  const path = `${folder}/src/build/throwaway-adapters.ts`;
  if (!repository.has(path)) return { importLine: '', expression: '{}' };
  const isAsync = repository.read(path).includes('async function throwawayAdapters');
  return {
    importLine: "import { throwawayAdapters } from '../src/build/throwaway-adapters.ts';\n",
    expression: isAsync ? 'await throwawayAdapters()' : 'throwawayAdapters()',
  };
}

function findIn(repository: Repository, folder: string, pattern: RegExp): { path: string; match: string } {
  for (const path of repository.find(`${folder}/src/*.ts`)) {
    const match = pattern.exec(repository.read(path))?.groups?.['found'];
    if (match !== undefined) return { path, match };
  }
  throw new NewError(`no file of ${folder}/src has ${pattern.source}`);
}
