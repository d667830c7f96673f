import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { lintDocument } from '../../src/api/lint-document.ts';
import { findServices } from '../../src/surface/readable-services.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const committed = readFileSync(join(root, 'apps/api/openapi.json'), 'utf8');

interface Document {
  servers: { url: string }[];
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: { Problem: Record<string, unknown> } };
}

const me = (document: Document): Record<string, unknown> => document.paths['/api/users/me']?.['get'] ?? {};
const newUser = (document: Document) =>
  document.paths['/api/users']?.['post']?.['requestBody'] as {
    content: { 'application/json': { schema: Record<string, Record<string, Record<string, unknown>>> } };
  };
const fieldsOfNewUser = (document: Document) =>
  newUser(document).content['application/json'].schema['properties'] ?? {};

/** Each takes something from a sound document, and the name of the rule that misses it ends so. */
const faults: Record<string, [(document: Document) => void, string]> = {
  'an operation that does not say who may call it': [
    (document) => delete me(document)['security'],
    'explicit-security',
  ],
  'a proof that nobody described': [(document) => (me(document)['security'] = [{ other: [] }]), 'security-defined'],
  'an answer to too many requests that is missing': [
    (document) => delete (me(document)['responses'] as Record<string, unknown>)['429'],
    'rate-limit-responses-429',
  ],
  'a failure that is missing': [
    (document) => delete (me(document)['responses'] as Record<string, unknown>)['500'],
    'define-error-responses-500',
  ],
  'a text without a bound': [(document) => delete fieldsOfNewUser(document)['email']?.['maxLength'], 'string-limit'],
  'a number without a bound': [(document) => delete fieldsOfNewUser(document)['age']?.['maximum'], 'integer-limit'],
  'a server without TLS': [(document) => document.servers.push({ url: 'http://service.example' }), 'no-server-http'],
  'a key in the path': [
    (document) =>
      (me(document)['parameters'] = [
        { name: 'access_token', in: 'query', description: 'A key.', schema: { type: 'string', maxLength: 9 } },
      ]),
    'no-credentials-in-url',
  ],
  'a name that stands twice': [(document) => (me(document)['operationId'] = 'getUsers'), 'operationId-unique'],
  'a schema that is none': [(document) => (document.components.schemas.Problem['type'] = 'thing'), 'oas3-schema'],
};

describe('an OpenAPI document', () => {
  for (const name of findServices(root)) {
    it(`SR-74: of ${name} is without a finding`, async () => {
      await expect(
        lintDocument(JSON.parse(readFileSync(join(root, 'apps', name, 'openapi.json'), 'utf8'))),
      ).resolves.toEqual([]);
    });
  }

  for (const [what, [spoil, rule]] of Object.entries(faults)) {
    it(`SR-16, SR-60: is refused with ${what}`, async () => {
      const document = JSON.parse(committed) as Document;
      spoil(document);
      const rules = (await lintDocument(document)).map((finding) => finding.rule);
      expect(rules.filter((found) => found.endsWith(rule))).not.toEqual([]);
    });
  }
});

describe('the command', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lint-api-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const lint = (document: Document) => {
    const path = join(folder, 'openapi.json');
    writeFileSync(path, JSON.stringify(document));
    return spawnSync(join(root, 'node_modules/.bin/node'), [join(root, 'tools/src/lint-api.ts'), path], {
      encoding: 'utf8',
    });
  };

  it('fails on a document with a fault, and says where', () => {
    const document = JSON.parse(committed) as Document;
    delete me(document)['security'];
    const { status, stdout } = lint(document);
    expect(status).toBe(1);
    expect(stdout).toContain('paths./api/users/me.get');
  });

  it('says nothing of a sound one', () => {
    const { status, stdout } = lint(JSON.parse(committed) as Document);
    expect([status, stdout]).toEqual([0, '']);
  });
});
