import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { parseRecord, renderRecord, type TemplateRecord } from '../../src/setup/template-record.ts';
import { changeList } from '../../src/template-diff/change-list.ts';
import { type DiffRange, findChanges, makePatch, markTaken } from '../../src/template-diff/diff-template.ts';
import { AUTH, formatWith, type Repository, TemplateAndClone } from './support/template-clone.ts';

const STORE = 'packages/auth/src/store.ts';
const MAIL = 'packages/mail/src/mail.ts';

let both: TemplateAndClone;
let template: Repository;
let clone: Repository;
let record: TemplateRecord;

beforeEach(async () => {
  both = new TemplateAndClone();
  ({ template, clone } = both);
  record = await both.setUp();
});
afterEach(() => both.close());

const format = async (folder: string): Promise<void> => {
  expect(await formatWith(clone.folder, folder)).toBe('');
};
async function diff(range: DiffRange = {}) {
  const found = findChanges(clone.folder, record, range);
  return { found, list: changeList(found), patch: await makePatch(clone.folder, record, found, format) };
}
async function apply(): Promise<void> {
  const { list, patch } = await diff();
  clone.write('.local/template.patch', `${list}\n${patch}`);
  clone.git('apply', '--3way', '.local/template.patch');
}

/** Changes the line that is broken otherwise in the clone, and adds one with the name. */
const fixed = AUTH.replace("prefix: 'palisade_',", "prefix: 'palisade_', strict: true,").replace(
  'return store',
  '// Of Palisade\n  return store',
);

describe('a change of the template', () => {
  it('applies to a clone with other names and broken lines, and the formatter has nothing to say', async () => {
    expect(clone.read(STORE)).toContain('import {\n  createTheGreatBlueHeronStore,');
    template.commit('fix(auth): strict', { [STORE]: fixed });
    await apply();
    expect(clone.read(STORE)).toContain('strict: true');
    expect(clone.read(STORE)).toContain('// Of The Great Blue Heron\n');
    expect(clone.read(STORE)).not.toMatch(/palisade/i);
    expect(await clone.format(STORE, '--check')).toBe('');
  });

  it('is merged with changes of the clone in the same file', async () => {
    clone.commit('feat: ours', { [STORE]: clone.read(STORE).replace('limit = 10', 'limit = 20') });
    template.commit('fix(auth): strict', { [STORE]: fixed });
    await apply();
    expect(clone.read(STORE)).toContain('limit = 20');
    expect(clone.read(STORE)).toContain('strict: true');
  });

  it('in the same line as one of the clone is a conflict that git marks', async () => {
    clone.commit('feat: ours', { [STORE]: clone.read(STORE).replace('limit = 10', 'limit = 20') });
    template.commit('fix(auth): less', { [STORE]: AUTH.replace('limit = 10', 'limit = 5') });
    await expect(apply()).rejects.toThrow('with conflicts');
    expect(clone.read(STORE)).toContain('<<<<<<<');
  });

  it('adds, removes and renames files, in the names of the clone', async () => {
    template.git('rm', '--quiet', MAIL);
    template.commit('feat: other files', {
      'docker/palisade.conf': 'name = palisade\n',
      '.github/CODEOWNERS': '* @palisade/platform\n/docker/ @palisade/security\n',
    });
    await apply();
    expect(() => clone.read(MAIL)).toThrow('ENOENT');
    expect(clone.read('docker/the-great-blue-heron.conf')).toBe('name = the-great-blue-heron\n');
    expect(clone.read('.github/CODEOWNERS')).toBe('* @birds/all\n/docker/ @birds/all\n');
  });

  it('is none when nothing has changed, nor when only the name of the template has', async () => {
    expect((await diff()).patch).toBe('');
    const fortress = {
      name: 'Fortress',
      scope: '@fortress',
      domain: 'fortress.example',
      owner: '@fortress/platform',
      securityOwner: '@fortress/security',
    };
    const paths = template.git('ls-files').split('\n');
    const renamed = paths.map((path) => {
      const text = template.read(path).replaceAll('palisade', 'fortress').replaceAll('Palisade', 'Fortress');
      return [path, text] as const;
    });
    const names = renderRecord({ ...parseRecord(template.read('template.json')), names: fortress });
    template.commit('refactor: another name', { ...Object.fromEntries(renamed), 'template.json': names });
    expect((await diff()).patch).toBe('');
  });
});

describe('the list of changes', () => {
  it('has those of security first, and so has the patch', async () => {
    template.commit('feat: another database', { 'docker/postgres.conf': 'database = other\n' });
    template.commit('fix(auth): strict', { [STORE]: fixed });
    const { list, patch } = await diff();
    expect(list).toMatch(/Security: 1\n {2}\w+ fix\(auth\): strict\nOthers: 1\n {2}\w+ feat: another database/);
    expect(patch.match(/^diff --git .*$/gm)).toEqual([
      `diff --git a/${STORE} b/${STORE}`,
      'diff --git a/docker/postgres.conf b/docker/postgres.conf',
    ]);
  });

  it('tells what the patch leaves out', async () => {
    template.commit('feat: an app', { 'apps/api/main.ts': 'export {};\n' });
    const { list, patch } = await diff();
    expect([list, patch]).toEqual([expect.stringContaining('not in the patch: apps/api/main.ts'), '']);
  });

  it('may be of another range', async () => {
    const one = template.commit('feat: one', { 'docker/one': '1\n' });
    template.git('tag', 'v1.1.0');
    template.commit('feat: two', { 'docker/two': '2\n' });
    expect((await diff({ to: 'v1.1.0' })).list).not.toContain('two');
    const { patch, list } = await diff({ since: one });
    expect([patch, list]).toEqual([expect.stringContaining('docker/two'), expect.not.stringContaining('one')]);
  });
});

describe('where a clone comes from', () => {
  it('is found by its files when its history is one of its own', async () => {
    template.commit('fix(auth): strict', { [STORE]: fixed });
    record = { ...record, template: { ...originOf(record), commit: '0'.repeat(40) } };
    expect((await diff()).patch).toContain('strict: true');
    record = { ...record, template: { ...originOf(record), tree: '0'.repeat(40) } };
    await expect(diff()).rejects.toThrow('give --since');
  });

  it('is moved on once a change has been taken over', async () => {
    const newest = template.commit('fix(auth): strict', { [STORE]: fixed });
    const { found } = await diff();
    record = markTaken(record, found.repository, newest);
    expect(originOf(record)).toMatchObject({ commit: newest, version: '1.0.0' });
    expect((await diff()).patch).toBe('');
  });

  it('is nowhere in the template, and has to be there for git', async () => {
    const { template: _origin, ...none } = record;
    expect(() => findChanges(clone.folder, none, {})).toThrow('the template itself');
    const gone = { ...record, template: { ...originOf(record), repository: `${template.folder}-gone` } };
    expect(() => findChanges(clone.folder, gone, {})).toThrow('git fetch');
    await expect(diff({ to: '--upload-pack' })).rejects.toThrow('no commit');
  });
});

function originOf({ template: origin }: TemplateRecord) {
  if (origin === undefined) throw new TypeError('the record has no origin');
  return origin;
}
