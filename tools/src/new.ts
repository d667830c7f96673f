/**
 * `pnpm new service <name>` adds a service below `apps/`, with its place in the image, the stack, the edge and the lists of
 * owners and bots; `pnpm new module <service> <name>` adds tables, routes and tests to one. `--dry-run` says what would be
 * written and writes nothing. Nothing is overwritten, nothing is committed: git alone undoes it. Exits 2 for a wrong call.
 */
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { ChangeSet } from './new/change-set.ts';
import { finish } from './new/finish.ts';
import { NewError } from './new/new-error.ts';
import { planModule } from './new/plan-module.ts';
import { planService } from './new/plan-service.ts';
import { Repository } from './new/repository.ts';

const USAGE = 'usage: pnpm new service <name> | pnpm new module <service> <name>   [--dry-run]';

function run(): void {
  const { values, positionals } = parseArgs({ options: { 'dry-run': { type: 'boolean' } }, allowPositionals: true });
  const repository = new Repository(join(import.meta.dirname, '..', '..'));
  const changes = new ChangeSet(repository);
  const { service, steps } = plan(repository, changes, positionals);
  const verb = values['dry-run'] === true ? 'would ' : '';
  for (const path of changes.added) console.log(`${verb}add     ${path}`);
  for (const path of changes.changed) console.log(`${verb}change  ${path}`);
  if (values['dry-run'] === true) return;
  changes.write();
  finish(repository, service, [...changes.added, ...changes.changed]);
  console.log(['', 'Next:', ...steps.map((step) => `  ${step}`)].join('\n'));
}

function plan(
  repository: Repository,
  changes: ChangeSet,
  [kind, first, second, ...rest]: readonly string[],
): { readonly service: string; readonly steps: readonly string[] } {
  if (kind === 'service' && first !== undefined && second === undefined) {
    const { kebab } = planService(repository, changes, first);
    return {
      service: kebab,
      steps: [
        `pnpm new module ${kebab} <name>          tables, routes and tests`,
        `pnpm exec node apps/${kebab}/src/dev.ts  starts it, beside pnpm dev`,
        'pnpm check && pnpm test',
        'docker compose up --build --wait         the stack with it',
        'docs/guides/add-a-service.md             what is left to decide',
      ],
    };
  }
  if (kind === 'module' && first !== undefined && second !== undefined && rest.length === 0) {
    const { kebab } = planModule(repository, changes, first, second);
    return {
      service: first,
      steps: [
        `apps/${first}/src/${kebab}/             make it say what the module is about`,
        `apps/${first}/test/access.snapshot.md   read who may call what now`,
        'pnpm check && pnpm test',
        'docs/guides/add-a-module.md             what is left to decide',
      ],
    };
  }
  throw new NewError(USAGE);
}

try {
  run();
} catch (error) {
  const isWrongCall = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof NewError) && !isWrongCall) throw error;
  console.error(isWrongCall ? USAGE : error.message);
  process.exitCode = 2;
}
