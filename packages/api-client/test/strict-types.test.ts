import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const head = `import { type ApiPaths, createServiceClient } from '${join(import.meta.dirname, '..', 'src', 'index.ts')}';
const client = createServiceClient<ApiPaths>({ origin: 'https://service.example', send: fetch });
`;

/** Calls that the document has not. */
const refused: Record<string, string> = {
  'a body with a field of another type': "await client.POST('/api/auth/password/forgot', { body: { email: 1 } });",
  'a body without a field': "await client.POST('/api/auth/login', { body: { email: 'a@b.example' } });",
  'a body with a field too many':
    "await client.POST('/api/auth/password/forgot', { body: { email: 'a@b.example', role: 'admin' } });",
  'a query with a parameter too many': "await client.GET('/api/users', { params: { query: { limit: 1, page: 1 } } });",
  'no body': "await client.POST('/api/auth/password/forgot');",
  'a choice that is none':
    "await client.PATCH('/api/users/{id}', { params: { path: { id: 'x' } }, body: { role: 'root' } });",
  'no idempotency key': "await client.POST('/api/users', { body: { email: 'a@b.example' } });",
  'a path without its parameter': "await client.GET('/api/users/{id}');",
  'a query that is not taken': "await client.GET('/api/users', { params: { query: { page: 1 } } });",
  'a path that is not there': "await client.GET('/api/user');",
  'a method that is not there': "await client.DELETE('/api/users/me');",
  'a field of the answer that is not there':
    "const { data } = await client.GET('/api/users/me');\nvoid data?.password;",
  'an answer that may be an error':
    "const { data } = await client.GET('/api/users/me');\nexport const email: string = data.email;",
};

const sound = `await client.POST('/api/users', {
  params: { header: { 'idempotency-key': crypto.randomUUID() } },
  body: { email: 'a@b.example', age: 30 },
});
`;

const fileOf = (index: number): string => `refused-${index}.ts`;
let folder: string;
let output: string;

beforeAll(() => {
  mkdirSync(join(root, '.local'), { recursive: true });
  folder = mkdtempSync(join(root, '.local', 'strict-types-'));
  for (const [index, line] of Object.values(refused).entries())
    writeFileSync(join(folder, fileOf(index)), `${head}${line}\nexport {};\n`);
  writeFileSync(join(folder, 'sound.ts'), `${head}${sound}export {};\n`);
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['--project', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  output = tsc.stdout;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the types of a client', () => {
  it('take a call that the document has', () => {
    expect(output).not.toContain('sound.ts');
  });

  for (const [index, what] of Object.keys(refused).entries()) {
    it(`do not compile ${what}`, () => {
      expect(output).toContain(`${fileOf(index)}(`);
    });
  }
});
