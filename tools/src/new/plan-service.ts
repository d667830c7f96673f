import type { ChangeSet } from './change-set.ts';
import { type NameForms, parseName } from './name-forms.ts';
import { NewError } from './new-error.ts';
import { isOfModule } from './plan-module.ts';
import { replaceName, SAMPLE_MODULE, SAMPLE_SERVICE } from './replace-names.ts';
import type { Repository } from './repository.ts';
import { addToCompose } from './stack/compose.ts';
import { addToBuild, addToOwners, addToRenewal, addToRenovate, addToRules, addToServices } from './stack/lists.ts';

/** What the template listens on; each further service takes the next two ports of a developer's machine. */
const TEMPLATE_PORTS = { port: 3001, managementPort: 9001 };

/** What is written anew by a run of the tests. */
const GENERATED = 'test/access.snapshot.md';

/**
 * Plans a service: the template under the given name, and its place in the image, the stack, the edge, and the lists of
 * owners and bots. Nothing is written.
 *
 * @throws {NewError} for a name that cannot be used or is taken, or a file that is not as it was expected.
 */
export function planService(repository: Repository, changes: ChangeSet, text: string): NameForms {
  const name = parseName(text);
  if (repository.services.includes(name.kebab)) throw new NewError(`there is a service ${name.kebab} already`);
  const paths = repository.templates('service').filter((path) => !isOfModule(path) && path !== GENERATED);
  for (const path of paths) {
    changes.add(`apps/${name.kebab}/${path}`, toService(repository.template(`service/${path}`), name, repository));
  }
  changes.add(
    `nginx/templates/services/${name.kebab}.conf.template`,
    replaceName(repository.template('stack/sample-service.conf.template'), SAMPLE_SERVICE, name),
  );
  const place = { name, project: repository.project };
  changes.edit('compose.yaml', (current) => addToCompose(current, place));
  changes.edit('docker/Dockerfile', (current) => addToBuild(current, place));
  changes.edit('docker/src/services.ts', (current) => addToServices(current, place));
  changes.edit('docker/renew.sh', (current) => addToRenewal(current, place));
  changes.edit('.github/CODEOWNERS', (current) => addToOwners(current, place));
  changes.edit('renovate.json', (current) => addToRenovate(current, place));
  changes.edit('.oxlintrc.json', (current) => addToRules(current, { ...place, scope: repository.scope }));
  return name;
}

function toService(text: string, name: NameForms, { services }: Repository): string {
  const { port, managementPort } = TEMPLATE_PORTS;
  const offset = services.length - 1;
  return replaceName(withoutModule(text), SAMPLE_SERVICE, name)
    .replace(`port: ${port},`, `port: ${port + offset},`)
    .replace(`managementPort: ${managementPort},`, `managementPort: ${managementPort + offset},`);
}

/** A new service has the tables and routes of none. */
function withoutModule(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('import ') || !line.includes(SAMPLE_MODULE.kebab))
    .join('\n')
    .replaceAll(` & ${SAMPLE_MODULE.pascal}Tables`, '')
    .replaceAll(`, ${SAMPLE_MODULE.camel}]`, ']');
}
