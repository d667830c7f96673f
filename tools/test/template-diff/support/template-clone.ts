import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { trackedPaths } from '../../../src/policy/read/tracked-paths.ts';
import type { ProjectNames } from '../../../src/setup/project-names.ts';
import { planSetup } from '../../../src/setup/set-up-project.ts';
import { parseRecord, renderRecord, type TemplateRecord } from '../../../src/setup/template-record.ts';
import { writeChanges } from '../../../src/setup/write-changes.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

const palisade: ProjectNames = {
  name: 'Palisade',
  scope: '@palisade',
  domain: 'palisade.example',
  owner: '@palisade/platform',
  securityOwner: '@palisade/security',
};
const heron: ProjectNames = {
  name: 'The Great Blue Heron',
  scope: '@the-great-blue-heron',
  domain: 'heron.test',
  owner: '@birds/all',
  securityOwner: '@birds/all',
};

/** A folder with a history. */
export class Repository {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws {Error} when git refuses. */
  git(...args: readonly string[]): string {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@heron.test', '-c', 'commit.gpgsign=false'];
    const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: this.folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Writes files and commits everything; gives the commit. */
  commit(message: string, files: Readonly<Record<string, string>> = {}): string {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** Everything that the formatter has to say of a file, or of all below a folder. */
  async format(path: string, ...mode: readonly string[]): Promise<string> {
    return formatWith(this.folder, join(this.folder, path), ...mode);
  }
}

/** Runs the formatter of this repository with the settings of a folder. */
export function formatWith(settings: string, path: string, ...mode: readonly string[]): Promise<string> {
  const words = [...mode, '--config', join(settings, '.oxfmtrc.json'), path];
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/oxfmt'), words, { encoding: 'utf8' });
  return Promise.resolve(status === 0 ? '' : `${stdout}${stderr}`);
}

const record: TemplateRecord = {
  names: palisade,
  example: { state: 'kept', paths: [] },
  renames: [],
  ambiguous: [],
};

/** The lines that the longer names break are other ones in the clone than in the template. */
export const AUTH = `import { createPalisadeStore, type PalisadeOptions, type PalisadeSession } from '@palisade/storage';

export const store = createPalisadeStore({ name: 'palisade', prefix: 'palisade_', domain: 'palisade.example' });
export const limit = 10;

/** Of a session. */
export function open(options: PalisadeOptions): PalisadeSession {
  return store.open(options);
}
`;

/** A template and a clone of it that has its names, in a folder that goes away. */
export class TemplateAndClone {
  readonly template: Repository;
  readonly clone: Repository;
  readonly #folder: string;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'template-diff-'));
    this.template = new Repository(join(this.#folder, 'template'));
    this.clone = new Repository(join(this.#folder, 'clone'));
    mkdirSync(this.template.folder);
    this.template.git('init', '--quiet', '--initial-branch=main');
    this.template.commit('feat: the template', {
      '.gitignore': '.local/\n',
      '.oxfmtrc.json': '{ "printWidth": 120, "singleQuote": true }\n',
      '.github/CODEOWNERS': '* @palisade/platform\n',
      'apps/api/main.ts': "import '@palisade/server';\n",
      'docker/postgres.conf': 'database = palisade\n',
      'package.json': '{ "name": "palisade", "version": "1.0.0" }\n',
      'packages/auth/src/store.ts': AUTH,
      'packages/mail/src/mail.ts': "export const from = 'palisade@palisade.example';\n",
      'template.json': renderRecord(record),
    });
    this.template.git('clone', '--quiet', this.template.folder, this.clone.folder);
  }

  /** Does what `pnpm setup:project` does, and commits it; gives the record. */
  async setUp(): Promise<TemplateRecord> {
    const { clone } = this;
    const position = {
      commit: clone.git('rev-parse', 'HEAD'),
      tree: clone.git('rev-parse', 'HEAD^{tree}'),
      version: '1.0.0',
    };
    const paths = trackedPaths(clone.folder).paths;
    const files = paths.map((path) => ({ path, bytes: readFileSync(join(clone.folder, path)) }));
    const answers = { names: heron, example: 'keep', templateUrl: this.template.folder } as const;
    writeChanges(clone.folder, planSetup(files, record, answers, position));
    for (const folder of ['packages', 'apps']) await clone.format(folder);
    clone.commit('chore: set the project up');
    return parseRecord(clone.read('template.json'));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
