import type { ChangeSet } from './change-set.ts';
import { type NameForms, parseName } from './name-forms.ts';
import { NewError } from './new-error.ts';
import { registerModule, registerTables } from './register-module.ts';
import { replaceName, SAMPLE_MODULE, SAMPLE_SERVICE } from './replace-names.ts';
import type { Repository } from './repository.ts';
import { type ServiceSources, sourcesOf } from './service-sources.ts';

/** Digits of the number of a migration. */
const NUMBER_LENGTH = 4;

/**
 * Plans a module of a service: what the template has of `sample-items`, under the given name, and its place among the
 * modules and the tables of the service. Nothing is written.
 *
 * @throws {NewError} for a name that cannot be used or is taken, a service that is not there, or one whose files are not
 * as they were expected.
 */
export function planModule(repository: Repository, changes: ChangeSet, service: string, text: string): NameForms {
  const name = parseName(text);
  if (!repository.services.includes(service)) {
    throw new NewError(`there is no service ${service}: ${repository.services.join(', ')} are there`);
  }
  const folder = `apps/${service}`;
  if (repository.find(`${folder}/src/${name.kebab}`).length > 0)
    throw new NewError(`${folder}/src/${name.kebab} is there already`);
  const sources = sourcesOf(repository, folder);
  for (const path of repository.templates('service').filter(isOfModule)) {
    const target = path.startsWith('migrations/')
      ? `migrations/${nextNumber(repository, folder)}-${name.kebab}.sql`
      : replaceName(path, SAMPLE_MODULE, name);
    changes.add(`${folder}/${target}`, renamed(repository.template(`service/${path}`), name, sources));
  }
  changes.edit(sources.modulesFile, (current) => registerModule(current, name));
  changes.edit(sources.databaseFile, (current) => registerTables(current, name, sources.schema));
  return name;
}

/** What of the template belongs to the module in it, by its path. */
export function isOfModule(path: string): boolean {
  return path.includes(SAMPLE_MODULE.kebab);
}

function nextNumber(repository: Repository, folder: string): string {
  const last = repository.find(`${folder}/migrations/*.sql`).at(-1) ?? '';
  const number = Number(/(?<number>\d+)-[^/]*$/.exec(last)?.groups?.['number'] ?? 0) + 1;
  return String(number).padStart(NUMBER_LENGTH, '0');
}

/** What a test of a service is built with, where the service opens nothing of its own. */
const ADAPTERS = /^import \{ throwawayAdapters \} .*\n|, \{ adapters: await throwawayAdapters\(\) \}/gm;

/** The template is of its own service: what that calls its schema and itself, and where they stand, is another thing here. */
function renamed(text: string, name: NameForms, { schema, databaseFile, definition, opens }: ServiceSources): string {
  const database = databaseFile.slice(databaseFile.lastIndexOf('/') + 1);
  const here = (opens === 'something' ? text : text.replaceAll(ADAPTERS, ''))
    .replaceAll(`${SAMPLE_SERVICE.pascal}Schema`, schema)
    .replaceAll('../database.ts', `../${database}`)
    .replaceAll(SAMPLE_SERVICE.camel, definition);
  return replaceName(here, SAMPLE_MODULE, name);
}
