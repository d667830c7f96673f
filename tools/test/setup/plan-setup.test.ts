import { Buffer } from 'node:buffer';

import { describe, expect, it } from 'vitest';

import type { FileChange } from '../../src/setup/plan-setup.ts';
import type { ProjectNames } from '../../src/setup/project-names.ts';
import { planSetup } from '../../src/setup/set-up-project.ts';
import { parseRecord, renderRecord, type TemplateRecord } from '../../src/setup/template-record.ts';

const palisade: ProjectNames = {
  name: 'Palisade',
  scope: '@palisade',
  domain: 'palisade.example',
  owner: '@palisade/platform',
  securityOwner: '@palisade/security',
};
const heron: ProjectNames = {
  name: 'Blue Heron',
  scope: '@heron',
  domain: 'heron.test',
  owner: '@birds/all',
  securityOwner: '@birds/all',
};
const position = { commit: 'a'.repeat(40), tree: 'b'.repeat(40), version: '1.2.3' };
const record: TemplateRecord = {
  names: palisade,
  example: { state: 'kept', paths: ['apps/demo/', 'apps/demo.test.ts'] },
  renames: [],
  ambiguous: [],
};
const example = (text: string) => `// example-domain:start\n${text}\n// example-domain:end\n`;
const about = (text: string) => `<!-- template-only:start -->\n${text}\n<!-- template-only:end -->\n`;

const texts: Readonly<Record<string, string>> = {
  'README.md': `# Palisade\n${about('Clone Palisade.')}`,
  'CHANGELOG.md': '# Changelog\n\n## 1.2.3\n\n- Palisade is faster\n',
  'package.json': '{"name":"palisade","version":"1.2.3","description":"A template","private":true}',
  'pnpm-lock.yaml': "'@palisade/api': {integrity: sha512-palisade/x}\n",
  LICENSE: 'Copyright Palisade contributors\n',
  NOTICE: 'Data of Palisade\n',
  '.github/CODEOWNERS': '# of Palisade\n* @palisade/platform\n/auth @palisade/security\n',
  'apps/api/main.ts': `import '@palisade/server';\n${example('demo();')}`,
  'apps/demo/demo.ts': 'export {};\n',
  'apps/demo.test.ts': 'export {};\n',
  'docs/palisade.md': 'other\n',
  'other.txt': 'nothing\n',
  'template.json': renderRecord(record),
};
const filesOf = (given = texts) => Object.entries(given).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
const answers = { names: heron, example: 'keep', templateUrl: 'https://git.example/a/b' } as const;

function applied(changes: readonly FileChange[], given = texts): Record<string, string> {
  const files = new Map(Object.entries(given));
  for (const { path, target, bytes } of changes) {
    files.delete(path);
    if (bytes !== undefined) files.set(target, bytes.toString());
  }
  return Object.fromEntries(files);
}

const setUp = (example: 'keep' | 'remove' = 'keep') =>
  applied(planSetup(filesOf(), record, { ...answers, example }, position));

describe('the first setup', () => {
  it('renames every text by rules, and leaves notices and what has no name', () => {
    const files = setUp();
    expect(files['apps/api/main.ts']).toContain("import '@heron/server';");
    expect(files['docs/blue-heron.md']).toBe('other\n');
    expect(files['docs/palisade.md']).toBeUndefined();
    for (const path of ['LICENSE', 'NOTICE', 'other.txt']) expect(files[path]).toBe(texts[path]);
    const {
      LICENSE: _licence,
      NOTICE: _notice,
      'template.json': _record,
      'pnpm-lock.yaml': lockfile,
      ...others
    } = files;
    expect(JSON.stringify(others)).not.toMatch(/palisade/i);
    expect(lockfile).toBe("'@heron/api': {integrity: sha512-palisade/x}\n");
  });

  it('gives the lines of CODEOWNERS to the owners', () => {
    expect(setUp()['.github/CODEOWNERS']).toBe('# of Blue Heron\n* @birds/all\n/auth @birds/all\n');
  });

  it('leaves out what the template says of itself, its version and its changelog', () => {
    const files = setUp();
    expect(files['README.md']).toBe('# Blue Heron\n');
    expect(files['CHANGELOG.md']).toBe('# Changelog\n\n## Unreleased\n');
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({
      name: 'blue-heron',
      version: '0.1.0',
      private: true,
    });
  });

  it('remembers where the clone came from', () => {
    expect(parseRecord(setUp()['template.json'] ?? '')).toEqual({
      ...record,
      template: { names: palisade, repository: 'https://git.example/a/b', ...position },
      names: heron,
      renames: [{ from: palisade, to: heron }],
    });
  });

  it('keeps the example, or removes its files and its regions', () => {
    const kept = setUp();
    expect([kept['apps/demo/demo.ts'], kept['apps/api/main.ts']]).toEqual([
      expect.anything(),
      expect.stringContaining('demo();'),
    ]);
    const removed = setUp('remove');
    expect(Object.keys(removed).filter((path) => path.includes('demo'))).toEqual([]);
    expect(removed['apps/api/main.ts']).toBe("import '@heron/server';\n");
    expect(parseRecord(removed['template.json'] ?? '').example.state).toBe('removed');
  });
});

describe('a later setup', () => {
  const first = setUp();
  const then = parseRecord(first['template.json'] ?? '');
  const replan = (names: ProjectNames, example: 'keep' | 'remove' = 'keep', from = then, given = first) =>
    planSetup(filesOf(given), from, { ...answers, names, example }, { ...position, commit: 'c'.repeat(40) });

  it('changes nothing when the values are the same', () => {
    expect(replan(heron)).toEqual([]);
  });

  it('renames again, from what the record says, and keeps changelog, version and origin', () => {
    const otter = { ...heron, name: 'Otter', scope: '@otter', domain: 'otter.test' };
    const given = { ...first, 'CHANGELOG.md': '# Changelog\n\n- ours\n' };
    const files = applied(replan(otter, 'keep', then, given), given);
    expect(files['apps/api/main.ts']).toContain("import '@otter/server';");
    expect(files['CHANGELOG.md']).toBe('# Changelog\n\n- ours\n');
    expect(parseRecord(files['template.json'] ?? '')).toMatchObject({
      template: { names: palisade, commit: position.commit },
      names: otter,
      renames: [{}, { from: heron, to: otter }],
    });
  });

  it('removes the example that was kept, and cannot bring it back', () => {
    const files = applied(replan(heron, 'remove'), first);
    expect(files['apps/demo/demo.ts']).toBeUndefined();
    const gone = parseRecord(files['template.json'] ?? '');
    expect(replan(heron, 'remove', gone, files)).toEqual([]);
    expect(() => replan(heron, 'keep', gone, files)).toThrow('the example was removed');
  });

  it('is refused for a name that stood in the files before', () => {
    const given = { ...texts, 'other.txt': 'a blue heron\n' };
    const changed = applied(planSetup(filesOf(given), record, answers, position), given);
    const ambiguous = parseRecord(changed['template.json'] ?? '');
    expect(ambiguous.ambiguous).toEqual(['name']);
    expect(() => replan({ ...heron, name: 'Otter' }, 'keep', ambiguous, changed)).toThrow(
      '"Blue Heron" meant something else',
    );
    expect(replan(heron, 'keep', ambiguous, changed)).toEqual([]);
  });
});

describe('a setup is refused', () => {
  const plan = (names: Partial<ProjectNames>, more: Readonly<Record<string, string>>) => () =>
    planSetup(filesOf({ ...texts, ...more }), record, { ...answers, names: { ...heron, ...names } }, position);

  it('for a name whose prefix other variables have', () => {
    expect(plan({ name: 'Vault' }, { 'a.ts': "'VAULT_ADDR'" })).toThrow('begin with VAULT_');
  });

  it('for a scope that packages of others are in', () => {
    expect(plan({ scope: '@fastify' }, { 'pnpm-lock.yaml': "'@fastify/cors@1.0.0':\n" })).toThrow('@fastify');
  });

  it('for a record that is none', () => {
    for (const text of ['', '{}', '{"names":1}']) expect(() => parseRecord(text)).toThrow('template.json: ');
    const misnamed = renderRecord({ ...record, names: { ...palisade, scope: 'x' } });
    expect(() => parseRecord(misnamed)).toThrow('--scope');
  });
});
