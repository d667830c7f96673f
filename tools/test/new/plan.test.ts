import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { serviceSettings } from '@redoubt/api/settings';
import { loadSettings } from '@redoubt/config';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { ChangeSet } from '../../src/new/change-set.ts';
import { formsOf } from '../../src/new/name-forms.ts';
import { NewError } from '../../src/new/new-error.ts';
import { planModule } from '../../src/new/plan-module.ts';
import { planService } from '../../src/new/plan-service.ts';
import { Repository } from '../../src/new/repository.ts';
import { addToCompose } from '../../src/new/stack/compose.ts';
import { settings } from '../../templates/service/src/settings.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const repository = new Repository(root);
// A name that no clone has taken.
const SERVICE = 'test-only-desk';
const MODULE = 'test-only-entries';

function planned(): ChangeSet {
  const changes = new ChangeSet(repository);
  planService(repository, changes, SERVICE);
  return changes;
}

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly environment?: Readonly<Record<string, string>>;
        readonly volumes?: readonly string[];
        readonly image?: string;
        readonly cap_drop?: readonly string[];
        readonly read_only?: boolean;
      }
    >
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** A value as the stack fills it in where the environment says nothing: the default within comes first. */
function withDefaults(value: string): string {
  const filled = value.replace(/\$\{\w+:-([^${}]*)\}/g, '$1');
  return filled === value ? value : withDefaults(filled);
}

describe('a new service', () => {
  const changes = planned();
  const compose = parse(changes.textOf('compose.yaml'), { merge: true }) as Compose;

  it('has its own files, without a trace of the templates', () => {
    expect(changes.added).toEqual(
      expect.arrayContaining(
        ['package.json', 'src/main.ts', 'src/settings.ts', 'test/controls.test.ts'].map(
          (path) => `apps/${SERVICE}/${path}`,
        ),
      ),
    );
    for (const path of changes.added) {
      expect([path, /sample.?(?:service|items)/i.exec(changes.textOf(path))?.[0]]).toEqual([path, undefined]);
      expect(path).not.toMatch(/sample|snapshot/);
    }
  });

  it('begins its history with the tables of every service', () => {
    const [first] = repository.find('packages/service/migrations/*.sql').map((path) => repository.read(path));
    expect(changes.textOf(`apps/${SERVICE}/migrations/0001-service-tables.sql`)).toBe(first);
    expect(changes.added.filter((path) => path.endsWith('.sql'))).toHaveLength(1);
  });

  it('SR-49, SR-51: has a database server, passwords and certificates of its own', () => {
    const database = compose.services[`${SERVICE}-postgres`];
    expect(database?.volumes).toContain(`${SERVICE}-postgres-data:/var/lib/postgresql`);
    expect(compose.services[SERVICE]?.volumes).toEqual([`${SERVICE}-secrets:/run/secrets:ro`]);
    expect(compose.services[SERVICE]?.environment).toMatchObject({
      DATABASE_URL: expect.stringContaining(`@${SERVICE}-postgres:`) as unknown,
      VALKEY_USERNAME: `${repository.project}-${SERVICE}`,
    });
    for (const volume of compose.services[SERVICE]?.volumes ?? [])
      expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    expect(compose.services['bootstrap']?.volumes).toContain(`${SERVICE}-secrets:/volumes/${SERVICE}-secrets`);
  });

  it('SR-28: is let in by api, by the name in its certificate, and told nothing that is of api alone', () => {
    const { environment = {} } = compose.services['api'] ?? {};
    expect(environment['ALLOWED_SERVICES']).toContain(`spiffe://${repository.project}.internal/${SERVICE}`);
    expect(environment['ALLOWED_HOSTS']?.split(',')).toContain('api');
    const own = Object.keys(compose.services[SERVICE]?.environment ?? {});
    expect(own).toEqual(expect.arrayContaining(['API_URL', 'API_CA_FILE', 'API_CERTIFICATE_FILE', 'API_KEY']));
    expect(own.filter((name) => /^(?:SIGNING|MAIL|TOKEN)_/.test(name))).toEqual([]);
  });

  it('SR-15: takes the tokens of api by the names that api has for itself, and needs no file for it', () => {
    const { PUBLIC_URL, TOKEN_AUDIENCE } = compose.services['api']?.environment ?? {};
    const own = compose.services[SERVICE]?.environment ?? {};
    expect([own['API_ISSUER'], own['API_AUDIENCE']]).toEqual([PUBLIC_URL, TOKEN_AUDIENCE]);
    expect(Object.keys(own)).not.toContain('TRUSTED_ISSUERS_FILE');
  });

  it('takes the tokens of api on a developer’s machine, where nobody says anything', () => {
    const development = { NODE_ENV: 'development' };
    const { PUBLIC_URL, TOKEN_AUDIENCE } = loadSettings(serviceSettings, development);
    const { API_URL, API_ISSUER, API_AUDIENCE } = loadSettings(settings, development);
    expect([API_URL, API_ISSUER, API_AUDIENCE]).toEqual([PUBLIC_URL, PUBLIC_URL, TOKEN_AUDIENCE]);
  });

  it('SR-53: is told in the stack all that its settings ask for, a second one as well', () => {
    const second = `${SERVICE}-second`;
    const text = addToCompose(changes.textOf('compose.yaml'), { name: formsOf(second), project: repository.project });
    for (const name of [SERVICE, second]) {
      const { environment = {} } = (parse(text, { merge: true }) as Compose).services[name] ?? {};
      const filled = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, withDefaults(value)]));
      expect(loadSettings(settings, filled)).toMatchObject({
        API_ISSUER: 'https://localhost:8443',
        PUBLIC_URL: `https://${name}.localhost:8443`,
      });
    }
  });

  it('SR-62: is as closed as the others', () => {
    for (const name of [SERVICE, ...['postgres', 'roles', 'migrate'].map((each) => `${SERVICE}-${each}`)])
      expect([name, compose.services[name]?.read_only, compose.services[name]?.cap_drop]).toEqual([
        name,
        true,
        ['ALL'],
      ]);
  });

  it('is known to the image, the renewal, the owners, the bot and the linter', () => {
    expect(changes.textOf('docker/Dockerfile')).toContain(`COPY apps/${SERVICE}/package.json apps/${SERVICE}/\n`);
    expect(changes.textOf('docker/renew.sh')).toMatch(
      new RegExp(`^readonly SERVERS=.* ${SERVICE} ${SERVICE}-postgres\\)$`, 'm'),
    );
    expect(changes.textOf('docker/src/services.ts')).toContain(`name: '${SERVICE}'`);
    expect(changes.textOf('.github/CODEOWNERS')).toMatch(new RegExp(`^/apps/${SERVICE}/src/access\\.ts +@`, 'm'));
    expect(changes.textOf('renovate.json')).toContain(`apps/${SERVICE}/**`);
    expect(changes.textOf('.oxlintrc.json')).toContain(`"${repository.scope}/${SERVICE}"`);
  });

  it('changes no line that is not about it', () => {
    const lost = changes.changed.flatMap((path) => {
      const after = changes.textOf(path);
      return repository
        .read(path)
        .split('\n')
        .filter((line) => !after.includes(line));
    });
    // Lists in a line are written anew, longer.
    const others = lost.filter(
      (line) => !/SERVERS=|\/api"|TOKEN_AUDIENCE|ALLOWED_SERVICES|ALLOWED_HOSTS|EDGE_|\}|\]/.test(line),
    );
    expect(others).toEqual([]);
  });

  it('writes nothing while it is planned', () => {
    expect(repository.services).not.toContain(SERVICE);
    expect(readFileSync(join(root, 'compose.yaml'), 'utf8')).not.toContain(SERVICE);
  });

  for (const service of repository.services) {
    it(`is not one that is there already: ${service}`, () => {
      expect(() => planService(repository, new ChangeSet(repository), service)).toThrow(NewError);
    });
  }
});

describe('a new module', () => {
  for (const service of repository.services) {
    it(`comes after the last migration of ${service}, and is on its lists`, () => {
      const changes = new ChangeSet(repository);
      planModule(repository, changes, service, MODULE);
      const last = repository.find(`apps/${service}/migrations/*.sql`).at(-1) ?? '';
      const added = changes.added.find((path) => path.endsWith('.sql')) ?? '';
      const numberOf = (path: string) => Number(/(\d+)-[^/]*$/.exec(path)?.[1]);
      expect(numberOf(added)).toBe(numberOf(last) + 1);
      expect(changes.changed).toHaveLength(2);
      expect(changes.textOf(`apps/${service}/src/modules.ts`)).toContain('testOnlyEntries');
      for (const path of changes.added) expect([path, /sample/i.test(changes.textOf(path))]).toEqual([path, false]);
    });
  }

  it('needs a service', () => {
    expect(() => planModule(repository, new ChangeSet(repository), SERVICE, MODULE)).toThrow('there is no service');
  });

  it('overwrites nothing', () => {
    const changes = new ChangeSet(repository);
    changes.add('apps/a.txt', 'a');
    expect(() => changes.add('apps/a.txt', 'b')).toThrow('there already');
    expect(() => changes.add('package.json', '{}')).toThrow('there already');
    expect(() => changes.edit('package.json', (text) => text)).toThrow('not as it was expected');
  });
});
