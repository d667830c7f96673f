import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { ChangeSet } from '../../src/new/change-set.ts';
import { NewError } from '../../src/new/new-error.ts';
import { planModule } from '../../src/new/plan-module.ts';
import { planService } from '../../src/new/plan-service.ts';
import { Repository } from '../../src/new/repository.ts';

const repository = new Repository(join(import.meta.dirname, '..', '..', '..'));

/** Plans on the repository itself, so that a file which is not as it was expected shows here. Nothing is written. */
function plannedService(name = 'ledger-desk'): ChangeSet {
  const changes = new ChangeSet(repository);
  planService(repository, changes, name);
  return changes;
}

interface ComposeService {
  readonly environment: Record<string, string>;
  readonly volumes: readonly string[];
  readonly depends_on: Record<string, unknown>;
  readonly build: { readonly args: Record<string, string> };
}

function composeOf(changes: ChangeSet): { services: Record<string, ComposeService>; volumes: Record<string, unknown> } {
  return parse(changes.textOf('compose.yaml'), { merge: true }) as ReturnType<typeof composeOf>;
}

describe('a new service', () => {
  it('has its settings, its routes, its tests and its migrations, and none of the template’s names', () => {
    const changes = plannedService();
    expect(changes.added).toEqual(
      expect.arrayContaining([
        'apps/ledger-desk/package.json',
        'apps/ledger-desk/migrations/0001-service-tables.sql',
        'apps/ledger-desk/src/settings.ts',
        'apps/ledger-desk/src/service.ts',
        'apps/ledger-desk/test/controls.test.ts',
        'nginx/templates/services/ledger-desk.conf.template',
      ]),
    );
    const left = [...changes.added, ...changes.changed].filter((path) =>
      /sample-?(?:service|items)/i.test(changes.textOf(path)),
    );
    expect(left).toEqual([]);
  });

  it('SR-49: has a database, roles and passwords of its own in the stack, and starts behind their jobs', () => {
    const { services, volumes } = composeOf(plannedService());
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['ledger-desk-postgres', 'ledger-desk-roles', 'ledger-desk-migrate', 'ledger-desk']),
    );
    expect(services['ledger-desk']?.environment['DATABASE_URL']).toContain('@ledger-desk-postgres:');
    expect(services['ledger-desk']?.depends_on).toHaveProperty('ledger-desk-migrate');
    expect(services['ledger-desk']?.volumes).toEqual(['ledger-desk-secrets:/run/secrets:ro']);
    expect(volumes).toHaveProperty('ledger-desk-postgres-data');
    expect(services['ledger-desk']?.build.args).toEqual({ SERVICE: 'ledger-desk' });
  });

  it('SR-28: calls api with a certificate of its own, and api is told to let it in', () => {
    const changes = plannedService();
    const { services } = composeOf(changes);
    expect(services['ledger-desk']?.environment).toMatchObject({
      API_CERTIFICATE_FILE: '/run/secrets/client-certificate.pem',
      API_KEY: 'file:///run/secrets/client-key.pem',
    });
    expect(services['api']?.environment['ALLOWED_SERVICES']).toContain('/ledger-desk');
    expect(changes.textOf('docker/src/services.ts')).toContain("name: 'ledger-desk'");
  });

  it('is owned, updated and renewed as the others are', () => {
    const changes = plannedService();
    expect(changes.textOf('.github/CODEOWNERS')).toMatch(/^\/apps\/ledger-desk\/src\/access\.ts +@/m);
    expect(JSON.parse(changes.textOf('renovate.json'))).toHaveProperty('packageRules');
    expect(changes.textOf('renovate.json')).toContain('apps/ledger-desk/**');
    expect(changes.textOf('docker/renew.sh')).toMatch(/^readonly SERVERS=\(.* ledger-desk ledger-desk-postgres\)$/m);
    expect(changes.textOf('docker/Dockerfile')).toContain('COPY apps/ledger-desk/package.json apps/ledger-desk/');
    expect(changes.textOf('.oxlintrc.json')).toMatch(/"@\S+\/ledger-desk"/);
  });

  it('changes no line that is not about it', () => {
    const changes = plannedService();
    const lost = changes.changed.flatMap((path) => {
      const after = changes.textOf(path);
      return repository
        .read(path)
        .split('\n')
        .filter((line) => !after.includes(line));
    });
    // Lists in a line are written anew, longer.
    const others = lost.filter((line) => !/SERVERS=|\/api"|ALLOWED_SERVICES|EDGE_|args:|\}|\]/.test(line));
    expect(others).toEqual([]);
  });

  it.each(['Order', 'order_desk', 'order--desk', '2desk', 'order-', '', 'a'.repeat(25), '../x'])(
    'refuses the name %j',
    (name) => {
      expect(() => plannedService(name)).toThrow(NewError);
    },
  );

  it.each(['api', 'postgres', 'admin', 'select', 'sample-service'])(
    'refuses %s, which something else is called',
    (name) => {
      expect(() => plannedService(name)).toThrow(NewError);
    },
  );
});

describe('a new module', () => {
  function plannedModule(service: string, name: string, changes = new ChangeSet(repository)): ChangeSet {
    planModule(repository, changes, service, name);
    return changes;
  }

  it('has schemas, routes, a store, tables, a migration behind the last one, and tests', () => {
    const last = repository.find('apps/api/migrations/*.sql').length;
    const number = String(last + 1).padStart(4, '0');
    expect(plannedModule('api', 'ledger-lines').added.toSorted()).toEqual([
      `apps/api/migrations/${number}-ledger-lines.sql`,
      ...['routes', 'schemas', 'store', 'tables'].map((part) => `apps/api/src/ledger-lines/ledger-lines-${part}.ts`),
      'apps/api/test/ledger-lines.test.ts',
    ]);
  });

  it('is among the modules and the tables of its service', () => {
    const changes = plannedModule('api', 'ledger-lines');
    expect(changes.textOf('apps/api/src/modules.ts')).toMatch(/export const modules\b.*= \[[^\]]*\bledgerLines\];/);
    expect(changes.textOf('apps/api/src/database-schema.ts')).toMatch(
      /interface DatabaseSchema extends [^{]*\bLedgerLinesTables\b/,
    );
  });

  it('names its table as PostgreSQL would, and leaves rights to the roles that there are', () => {
    const changes = plannedModule('api', 'ledger-lines');
    const migration = changes.textOf(changes.added.find((path) => path.endsWith('.sql')) ?? '');
    expect(migration).toMatch(/create table ledger_lines\b/);
    expect(migration).not.toMatch(/\b(?:grant|owner to)\b/i);
  });

  it('is refused for a service that is not there, and a name that is taken', () => {
    expect(() => plannedModule('nowhere', 'ledger-lines')).toThrow(/there is no service nowhere/);
    expect(() => plannedModule('api', 'sign-in')).toThrow(/is there already/);
    const twice = plannedModule('api', 'ledger-lines');
    expect(() => plannedModule('api', 'ledger-lines', twice)).toThrow(/is there already/);
  });
});
