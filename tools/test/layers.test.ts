import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Each an import that goes up, or a line that the project does not allow, and the rule that says so. */
const forbidden: Record<string, [string, string, string]> = {
  'logging imports config': ['packages/logging/src/a.ts', "import '@redoubt/config';", 'no-restricted-imports'],
  'logging imports outbound': ['packages/logging/src/b.ts', "import '@redoubt/outbound';", 'no-restricted-imports'],
  'outbound imports secrets': ['packages/outbound/src/a.ts', "import '@redoubt/secrets';", 'no-restricted-imports'],
  'storage imports outbound': ['packages/storage/src/b.ts', "import '@redoubt/outbound';", 'no-restricted-imports'],
  'secrets imports config': ['packages/secrets/src/a.ts', "import '@redoubt/config';", 'no-restricted-imports'],
  'config imports storage': ['packages/config/src/a.ts', "import '@redoubt/storage';", 'no-restricted-imports'],
  'storage imports auth': ['packages/storage/src/a.ts', "import '@redoubt/auth';", 'no-restricted-imports'],
  'auth imports server': ['packages/auth/src/a.ts', "import '@redoubt/server';", 'no-restricted-imports'],
  'server imports config': ['packages/server/src/a.ts', "import '@redoubt/config';", 'no-restricted-imports'],
  'server imports testing': ['packages/server/src/b.ts', "import '@redoubt/testing';", 'no-restricted-imports'],
  'server imports tracing': ['packages/server/src/c.ts', "import '@redoubt/tracing';", 'no-restricted-imports'],
  'tracing imports server': ['packages/tracing/src/a.ts', "import '@redoubt/server';", 'no-restricted-imports'],
  'server imports service': ['packages/server/src/d.ts', "import '@redoubt/service';", 'no-restricted-imports'],
  'service imports testing': ['packages/service/src/a.ts', "import '@redoubt/testing';", 'no-restricted-imports'],
  'service imports an app': ['packages/service/src/b.ts', "import '@redoubt/api';", 'no-restricted-imports'],
  'service imports mail': ['packages/service/src/c.ts', "import '@redoubt/mail';", 'no-restricted-imports'],
  'an app imports testing': ['apps/api/src/a.ts', "import '@redoubt/testing';", 'no-restricted-imports'],
  'a package reads the environment': [
    'packages/auth/src/b.ts',
    "import process from 'node:process';\nexport const a = process.env['A'];",
    'no-restricted-properties',
  ],
  'a package takes the environment by name': [
    'packages/auth/src/c.ts',
    "import { env } from 'node:process';\nexport const a = env['A'];",
    'no-restricted-imports',
  ],
  'a service starts a process': ['packages/auth/src/d.ts', "import 'node:child_process';", 'no-restricted-imports'],
  'a random number that can be predicted': [
    'packages/auth/src/e.ts',
    'export const a = Math.random();',
    'no-restricted-properties',
  ],
  'code from text': ['packages/auth/src/f.ts', "export const a: unknown = new Function('return 1')();", 'no-new-func'],
  'a secret that comes out where nobody expects it': [
    'packages/auth/src/h.ts',
    'export const a = (secret: { expose(): string }): string => secret.expose();',
    'no-restricted-properties',
  ],
  'a line on the console': ['packages/auth/src/g.ts', "console.log('a');", 'no-console'],
};

/** Every way to a call that does not go through the one client (SR-29). */
const otherClients: Record<string, [line: string, rule: string]> = {
  'the fetch of the platform': ["export const a = fetch('https://id.example');", 'no-restricted-globals'],
  'the fetch of the global object': [
    "export const a = globalThis.fetch('https://id.example');",
    'no-restricted-properties',
  ],
  'a web socket': ["export const a = new WebSocket('wss://id.example');", 'no-restricted-globals'],
  'an event source': ["export const a = new EventSource('https://id.example');", 'no-restricted-globals'],
  'request of node:http': ["export { request } from 'node:http';", 'no-restricted-imports'],
  'get of node:http': ["export { get } from 'node:http';", 'no-restricted-imports'],
  'an agent of node:http': ["export { Agent } from 'node:http';", 'no-restricted-imports'],
  'request of node:https': ["export { request } from 'node:https';", 'no-restricted-imports'],
  'get of node:https, by another name': ["export { get as read } from 'node:https';", 'no-restricted-imports'],
  'all of node:https': ["import * as a from 'node:https';\nexport const b = a.get;", 'no-restricted-imports'],
  'node:https by default': ["import a from 'node:https';\nexport const b = a.get;", 'no-restricted-imports'],
  'connect of node:http2': ["export { connect } from 'node:http2';", 'no-restricted-imports'],
  'connect of node:net': ["export { connect } from 'node:net';", 'no-restricted-imports'],
  'createConnection of node:net': ["export { createConnection } from 'node:net';", 'no-restricted-imports'],
  'connect of node:tls': ["export { connect } from 'node:tls';", 'no-restricted-imports'],
  undici: ["export { request } from 'undici';", 'no-restricted-imports'],
  'a part of undici': ["import 'undici/lib/dispatcher/pool.js';", 'no-restricted-imports'],
  ...Object.fromEntries(
    ['axios', 'got', 'ky', 'needle', 'superagent', 'node-fetch', 'cross-fetch', 'follow-redirects'].map((name) => [
      name,
      [`import '${name}';`, 'no-restricted-imports'] as [string, string],
    ]),
  ),
};
const roomsWithout = [
  'packages/logging',
  'packages/secrets',
  'packages/config',
  'packages/mail',
  'packages/storage',
  'packages/auth',
  'packages/server',
  'packages/service',
  'packages/tracing',
  'packages/new-room',
  'apps/api',
];
for (const [index, [what, [line, rule]]] of Object.entries(otherClients).entries()) {
  for (const room of roomsWithout) forbidden[`${room} uses ${what}`] = [`${room}/src/client-${index}.ts`, line, rule];
}

const allowed: Record<string, [string, string]> = {
  'secrets imports outbound': ['packages/secrets/src/ok.ts', "import '@redoubt/outbound';"],
  'auth imports outbound': ['packages/auth/src/ok.ts', "import '@redoubt/outbound';"],
  'server imports outbound': ['packages/server/src/ok-b.ts', "import '@redoubt/outbound';"],
  'tracing imports outbound': ['packages/tracing/src/ok.ts', "import '@redoubt/outbound';"],
  'service imports server': ['packages/service/src/ok.ts', "import '@redoubt/server';"],
  'an app imports service': ['apps/api/src/ok-b.ts', "import '@redoubt/service';"],
  'an app imports outbound': ['apps/api/src/ok.ts', "import '@redoubt/outbound';"],
  'outbound imports undici': ['packages/outbound/src/ok.ts', "import '@redoubt/logging';\nimport 'undici';"],
  'a server listens': ['packages/server/src/ok-c.ts', "export { createServer } from 'node:http';"],
  'a test calls': ['packages/auth/test/ok-b.ts', "export const a = fetch('http://127.0.0.1');"],
  'server imports auth': ['packages/server/src/ok.ts', "import '@redoubt/auth';"],
  'config imports secrets': ['packages/config/src/ok.ts', "import '@redoubt/secrets';"],
  'a test imports testing': ['packages/auth/test/ok.ts', "import '@redoubt/testing';"],
  'the one reader reads the environment': [
    'packages/config/src/environment.ts',
    "import process from 'node:process';\nexport const a = process.env['A'];",
  ],
};

let tree: string;
let report: { filename: string; code: string }[];

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'layers-'));
  // The rules under test need no types, and the tree has no packages to take types from.
  const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8').replace('"typeAware": true', '"typeAware": false');
  writeFileSync(join(tree, '.oxlintrc.json'), config);
  for (const [path, text] of [...Object.values(forbidden), ...Object.values(allowed)]) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), `${text}\n`);
  }
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format', 'json'], {
    cwd: tree,
    encoding: 'utf8',
  });
  report = (JSON.parse(stdout) as { diagnostics: typeof report }).diagnostics;
});
afterAll(() => rmSync(tree, { recursive: true }));

describe('the linter', () => {
  for (const [what, [path, , rule]] of Object.entries(forbidden)) {
    it(`SR-77: refuses that ${what}`, () => {
      expect(report.filter(({ filename, code }) => filename.endsWith(path) && code.includes(rule))).not.toEqual([]);
    });
  }
  for (const [what, [path]] of Object.entries(allowed)) {
    it(`lets ${what}`, () => {
      expect(report.filter(({ filename }) => filename.endsWith(path))).toEqual([]);
    });
  }
});

/**
 * Ways to a module that the linter's rule for imports does not see, or sees without the name that is taken from it. The
 * inspector is asked whether it is open, and only there, since a Node without one has no such module.
 */
const UNSEEN_IMPORT =
  /\bimport\(\s*['"`]node:(?:http|https|http2|net|tls)\b|\bgetBuiltinModule\b(?!\('node:inspector'\))|\bcreateRequire\b/;

describe('the sources', () => {
  it('SR-77: load no module of the network past the linter', () => {
    const sources = globSync('{apps,packages}/*/src/**/*.ts', { cwd: root });
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((path) => UNSEEN_IMPORT.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
    for (const text of ["await import('node:https')", 'process.getBuiltinModule(a)', 'createRequire(import.meta.url)'])
      expect(text).toMatch(UNSEEN_IMPORT);
  });
});
