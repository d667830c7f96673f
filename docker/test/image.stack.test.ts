import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Outcomes } from './fixtures/attacks.ts';
import { BuildContext, listSources } from './support/build-context.ts';
import { type ImageConfig, nodeOptionsOf, readConfig, readLayerDigests } from './support/image-config.ts';
import { type ImageEntry, listImage } from './support/image-content.ts';
import { compressedBytes, readImage } from './support/image-layers.ts';
import { API_IMAGE, build, compose, docker, LOCAL_IMAGE, succeeded } from './support/stack.ts';

const MAX_COMPRESSED_BYTES = 80_000_000;

/** Ids below are given to users of a machine itself. */
const FIRST_FREE_USER_ID = 10_000;

/** Images that a test makes, and removes. */
const OWN_IMAGES = [
  'redoubt-image-test:context',
  'redoubt-image-test:canary',
  'redoubt-image-test:once',
  'redoubt-image-test:again',
  'redoubt-image-test:strict',
] as const;
const [CONTEXT_IMAGE, CANARY_IMAGE, ONCE_IMAGE, AGAIN_IMAGE, STRICT_IMAGE] = OWN_IMAGES;

/** What starts programs, installs them, fetches them or interprets them. */
const TOOLS =
  /^(?:(?:ba|da|a|z|k|c|tc|fi)?sh|busybox|toybox|env|apt.*|dpkg.*|apk|rpm|npm|npx|pnpm|yarn|corepack|curl|wget|perl.*|python.*|gcc.*|ld|su|sudo|mount)$/;

/** What the build has, and the service does not need. */
const LEFT_OVERS = /\.(?:map|m?ts|tsx|md|lock)$|(?:^|\/)(?:node_modules|test|tests|\.git|pnpm-.*)(?:\/|$)/;

afterAll(async () => {
  await docker('image', 'rm', '--force', ...OWN_IMAGES);
});

describe.each([API_IMAGE, LOCAL_IMAGE])('the root file system of %s', (image) => {
  let entries: readonly ImageEntry[];
  let program: readonly ImageEntry[];
  beforeAll(async () => {
    entries = await listImage(image);
    program = entries.filter(({ path }) => path.startsWith('app/'));
  });

  it('SR-61: has no shell, no package manager and no interpreter but Node', () => {
    const runnable = entries.filter(({ mode }) => /^[-l].*x/.test(mode)).map(({ path }) => path);
    expect(runnable.filter((path) => TOOLS.test(basename(path)))).toEqual([]);
    expect(runnable.filter((path) => basename(path) === 'node')).toEqual(['app/node']);
  });

  it('SR-61: has no file that gives its caller the rights of another', () => {
    expect(entries.filter(({ mode }) => /[sS]/.test(mode.slice(1)))).toEqual([]);
  });

  it('SR-61: has no source, source map, test or folder of packages', () => {
    expect(program.length).toBeGreaterThan(0);
    expect(program.filter(({ path }) => LEFT_OVERS.test(path))).toEqual([]);
  });

  it('SR-61: lets the user of the service change nothing of its program', () => {
    const open = program.filter(({ mode, owner }) => owner !== '0/0' || mode[5] === 'w' || mode[8] === 'w');
    expect(open).toEqual([]);
  });
});

describe.each([API_IMAGE, LOCAL_IMAGE])('the configuration of %s', (image) => {
  let config: ImageConfig;
  beforeAll(async () => {
    config = await readConfig(image);
  });

  it('SR-61: names a user by number, far from root', () => {
    expect(config.User).toMatch(/^\d+:\d+$/);
    expect(Number.parseInt(config.User, 10)).toBeGreaterThanOrEqual(FIRST_FREE_USER_ID);
  });

  it('SR-51: gives the environment nothing but the mode, and where programs, authorities and compiled code are', () => {
    const names = config.Env.map((line) => line.replace(/=.*/s, ''));
    const known = /^(?:NODE_COMPILE_CACHE|NODE_COMPILE_CACHE_PORTABLE|NODE_ENV|PATH|SSL_CERT_FILE)$/;
    expect(names.filter((name) => !known.test(name))).toEqual([]);
    expect(config.Env).toContain('NODE_ENV=production');
  });

  it('SR-20: starts Node with the permission model, and opens nothing that undoes it', () => {
    const options = nodeOptionsOf(config.Entrypoint);
    expect(options).toContain('--permission');
    expect(options.filter((option) => /--allow-(?!net$|fs-)/.test(option))).toEqual([]);
    expect(options.filter((option) => option.startsWith('--allow-fs') && option.endsWith('*'))).toEqual([]);
  });

  it('says what it is, of which version and of which revision', () => {
    for (const name of ['title', 'description', 'licenses', 'version', 'revision'])
      expect(config.Labels[`org.opencontainers.image.${name}`]).toMatch(/./);
  });
});

describe('the image of the service', () => {
  it('SR-20: may write to one folder, whose owner is root: Node reads its compiled code from no other', async () => {
    const { Entrypoint } = await readConfig(API_IMAGE);
    const writable = nodeOptionsOf(Entrypoint).filter((option) => option.startsWith('--allow-fs-write'));
    expect(writable).toEqual(['--allow-fs-write=/app/compile-cache']);
  });

  it('SR-20: asks for its health by the bundle itself, without more rights than the service has', async () => {
    const { Healthcheck, Entrypoint } = await readConfig(API_IMAGE);
    const [kind, program, ...rest] = Healthcheck?.Test ?? [];
    expect([kind, program, rest.at(-1)]).toEqual(['CMD', Entrypoint[0], 'health']);
    expect(Entrypoint).toEqual(expect.arrayContaining([...nodeOptionsOf(rest)]));
    expect(rest).toContain('--permission');
  });

  it('SR-53: looks at itself in the stack, and finds no error, and nothing to say of Node and its surroundings', async () => {
    const { stdout } = await compose('run', '--rm', '--no-deps', '-T', 'api', 'doctor', '--json');
    const report = JSON.parse(stdout) as Record<'findings' | 'notChecked', { area: string; severity?: string }[]>;
    expect(report.findings.filter(({ area, severity }) => severity === 'error' || area === 'process')).toEqual([]);
    expect(report.notChecked.filter(({ area }) => area === 'process')).toEqual([]);
  });

  it('weighs no more than 80 MB on its way', async () => {
    expect(await compressedBytes(API_IMAGE)).toBeLessThanOrEqual(MAX_COMPRESSED_BYTES);
  });
});

describe('foreign code in the process of the service', () => {
  /** Runs the attacks as the service runs, or without the options of the image. */
  async function attack(options: readonly string[]): Promise<Outcomes> {
    const script = await readFile(join(import.meta.dirname, 'fixtures', 'attacks.ts'), 'utf8');
    const surroundings = ['--rm', '--network', 'none', '--tmpfs', '/tmp', '--entrypoint', '/app/node'];
    const command = [...options, '--input-type=module-typescript', '--eval', script];
    const { stdout } = succeeded(await docker('run', ...surroundings, API_IMAGE, ...command));
    return JSON.parse(stdout) as Outcomes;
  }

  it('SR-19, SR-20: starts nothing, writes nothing, reads nothing of the system, reaches no prototype', async () => {
    const outcomes = await attack(nodeOptionsOf((await readConfig(API_IMAGE)).Entrypoint));
    expect(outcomes).toEqual({
      'start a program': 'ERR_ACCESS_DENIED',
      'start a worker': 'ERR_ACCESS_DENIED',
      'load an addon': 'ERR_DLOPEN_DISABLED',
      'start a WASI program': 'ERR_ACCESS_DENIED',
      'open the inspector': 'ERR_ACCESS_DENIED',
      'write to a scratch folder': 'ERR_ACCESS_DENIED',
      'write beside the program': 'ERR_ACCESS_DENIED',
      'write to the compiled code': 'EACCES',
      'read a file of the system': 'ERR_ACCESS_DENIED',
      'read the environment of a process': 'ERR_ACCESS_DENIED',
      'reach the prototype of all objects': 'NO_PROTO',
    });
  });

  it('would do most of it without the options of the image: the attacks are real', async () => {
    const outcomes = await attack([]);
    const stopped = Object.keys(outcomes).filter((name) => outcomes[name] !== 'done');
    // The file is no addon, and the program and its compiled code belong to root.
    expect(stopped).toEqual(['load an addon', 'write beside the program', 'write to the compiled code']);
  });
});

describe('the context of a build', () => {
  const canary = `canary-${randomUUID()}`;
  /** What a working copy has that no build may see; the last is of a name that nobody thought of. */
  const strays = [
    '.env',
    '.git/config',
    '.local/servers/postgres-url',
    '.npmrc',
    'apps/api/.env.production',
    'apps/api/src/tls/server.key',
    'docker/test/authority.pem',
    'nginx/client.p12',
    'node_modules/left/index.js',
    'packages/config/dist/left.js',
    'packages/config/src/debug.log',
    'notes/passwords.txt',
  ];
  let context: BuildContext;
  beforeAll(async () => {
    context = await BuildContext.create();
    for (const path of strays) await context.write(path, `${canary} in ${path}`);
  });
  afterAll(() => context.remove());

  it('SR-51, SR-61: is all that git tracks, and nothing else of a working copy', async () => {
    await context.write('docker/everything.Dockerfile', 'FROM scratch\nCOPY . /\nCMD ["none"]\n');
    const dockerfile = join(context.folder, 'docker', 'everything.Dockerfile');
    succeeded(await build('--file', dockerfile, '--tag', CONTEXT_IMAGE, context.folder));
    const parts = await readImage(CONTEXT_IMAGE);
    expect(parts.flatMap((part) => canariesIn(part))).toEqual([]);
    const entries = new Set((await listImage(CONTEXT_IMAGE)).map(({ path }) => path));
    // The list of values that production refuses as secrets is made of these (RD-045).
    const sources = await listSources();
    expect(sources.filter((path) => !entries.has(path))).toEqual([]);
  });

  it.each(['service', 'local'])(
    'SR-51, SR-61: leaves no trace of the rest in a layer or the history of %s',
    async (target) => {
      const dockerfile = join(context.folder, 'docker', 'Dockerfile');
      succeeded(await build('--file', dockerfile, '--target', target, '--tag', CANARY_IMAGE, context.folder));
      const parts = await readImage(CANARY_IMAGE);
      expect(parts.flatMap((part) => canariesIn(part))).toEqual([]);
      const history = succeeded(await docker('history', '--no-trunc', CANARY_IMAGE)).stdout;
      expect(history).not.toContain(canary);
    },
  );

  function canariesIn(part: Uint8Array): readonly string[] {
    const text = new TextDecoder('latin1').decode(part);
    return strays.filter((path) => text.includes(`${canary} in ${path}`));
  }
});

describe('two builds of one working copy', () => {
  // But for the installation of packages, which takes a minute: its result is what the lockfile's hashes say, and no file
  // of it reaches an image but through the bundles, which are made twice.
  const stages = '--no-cache-filter=bundle,samples,inventory,sbom,files,base,local,service';

  it.each(['service', 'local'])('SR-67: give %s the same layers', async (target) => {
    const command = ['--file', 'docker/Dockerfile', '--target', target];
    succeeded(await build(...command, '--tag', ONCE_IMAGE, '.'));
    succeeded(await build(...command, stages, '--tag', AGAIN_IMAGE, '.'));
    expect(await readLayerDigests(AGAIN_IMAGE)).toEqual(await readLayerDigests(ONCE_IMAGE));
  });
});

describe('a clone that was made under a strict umask', () => {
  let context: BuildContext;
  beforeAll(async () => {
    context = await BuildContext.create();
    await promisify(execFile)('chmod', ['-R', 'go=', context.folder]);
  });
  afterAll(() => context.remove());

  it.each(['service', 'local'])('SR-67: gives %s the same layers, so that everybody may read in it', async (target) => {
    const command = ['--file', 'docker/Dockerfile', '--target', target];
    succeeded(await build(...command, '--tag', ONCE_IMAGE, '.'));
    const dockerfile = join(context.folder, 'docker', 'Dockerfile');
    succeeded(await build('--file', dockerfile, '--target', target, '--tag', STRICT_IMAGE, context.folder));
    expect(await readLayerDigests(STRICT_IMAGE)).toEqual(await readLayerDigests(ONCE_IMAGE));
  });
});
