import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type SecretErrorCode,
  type SecretMode,
  createSecretResolver,
  createSecretSources,
  MAX_SECRET_BYTES,
  parseSecretReference,
  Secret,
  SecretError,
} from '../src/index.ts';

const OWNER_ONLY = 0o400;
const canary = randomBytes(24).toString('hex');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function secretFile(name: string, content: string | Uint8Array, mode = OWNER_ONLY): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

async function resolveFile(path: string): Promise<Secret> {
  const resolver = createSecretResolver(createSecretSources({ environment: {}, mode: 'production' }));
  return resolver.resolve(parseSecretReference(pathToFileURL(path).href));
}

async function resolveVariable(name: string, value: string | undefined, mode: SecretMode): Promise<Secret> {
  const environment: Record<string, string> = value === undefined ? {} : { [name]: value };
  return createSecretResolver(createSecretSources({ environment, mode })).resolve(
    parseSecretReference(`env://${name}`),
  );
}

/** How an attempt was refused, and whether anything of the value shows in the error or in its causes. */
async function refusalOf(outcome: Promise<Secret>): Promise<unknown> {
  const fault: unknown = await outcome.then(
    () => 'not refused',
    (error: unknown) => error,
  );
  const shows = inspect(fault, { showHidden: true, depth: Infinity }).includes(canary) ? 'the value' : 'nothing';
  return fault instanceof SecretError ? { code: fault.code, shows } : fault;
}

function refused(code: SecretErrorCode): unknown {
  return { code, shows: 'nothing' };
}

describe('a file reference', () => {
  it('gives the content as a secret, without one trailing line break', async () => {
    const contents = [canary, `${canary}\n`, `${canary}\r\n`];
    for (const [index, content] of contents.entries()) {
      const secret = await resolveFile(await secretFile(`plain-${index}`, content));
      expect(secret).toBeInstanceOf(Secret);
      expect(secret.expose()).toBe(canary);
    }
  });

  it('keeps the inner and further line breaks of a PEM document', async () => {
    const secret = await resolveFile(await secretFile('pem', `a\nb\n\n`));
    expect(secret.expose()).toBe('a\nb\n');
  });

  it('reads the file anew each time, so that a rotated secret is seen', async () => {
    const path = await secretFile('rotated', 'first', 0o600);
    expect((await resolveFile(path)).expose()).toBe('first');
    await writeFile(path, 'second');
    expect((await resolveFile(path)).expose()).toBe('second');
  });

  it('follows a symbolic link, as Kubernetes mounts secrets', async () => {
    const link = join(folder, 'link');
    await symlink(await secretFile('target', canary), link);
    expect((await resolveFile(link)).expose()).toBe(canary);
  });

  it('takes a file that its group may read, as a pod with an fsGroup has', async () => {
    expect((await resolveFile(await secretFile('group', canary, 0o440))).expose()).toBe(canary);
  });

  it('takes exactly 64 KiB', async () => {
    const secret = await resolveFile(await secretFile('largest', 'a'.repeat(MAX_SECRET_BYTES)));
    expect(secret.expose()).toHaveLength(64 * 1024);
  });

  it('SR-51: refuses a file that does not exist', async () => {
    expect(await refusalOf(resolveFile(join(folder, 'absent')))).toEqual(refused('not-found'));
    expect(await refusalOf(resolveFile(join(await secretFile('leaf', canary), 'child')))).toEqual(refused('not-found'));
  });

  it.each(['', '\n', ' \r\n', '\t\n\n'])('SR-51: refuses an empty file: %j', async (content) => {
    expect(await refusalOf(resolveFile(await secretFile('empty', content, 0o600)))).toEqual(refused('empty'));
  });

  it('SR-51: refuses 64 KiB and one byte', async () => {
    const path = await secretFile('too-large', canary.padEnd(MAX_SECRET_BYTES + 1, 'a'));
    expect(await refusalOf(resolveFile(path))).toEqual(refused('too-large'));
  });

  it('SR-51: refuses bytes that are not UTF-8', async () => {
    const content = new Uint8Array([...new TextEncoder().encode(canary), 0xff]);
    expect(await refusalOf(resolveFile(await secretFile('bytes', content)))).toEqual(refused('not-text'));
  });

  it('SR-51: refuses a directory', async () => {
    const path = join(folder, 'directory');
    await mkdir(path, { mode: 0o700 });
    expect(await refusalOf(resolveFile(path))).toEqual(refused('not-a-file'));
  });

  it('SR-51: refuses a loop of symbolic links', async () => {
    const [one, two] = [join(folder, 'loop-1'), join(folder, 'loop-2')];
    await symlink(one, two);
    await symlink(two, one);
    expect(await refusalOf(resolveFile(one))).toEqual(refused('symlink-loop'));
  });

  it('SR-51: refuses a name that the file system cannot hold', async () => {
    expect(await refusalOf(resolveFile(join(folder, 'a'.repeat(300))))).toEqual(
      refused(platform === 'win32' ? 'not-found' : 'unreadable'),
    );
  });
});

/** Windows has neither modes nor named pipes in its file system. */
describe.runIf(platform !== 'win32')('a file reference on a system with modes', () => {
  it.each([0o404, 0o444, 0o644, 0o402, 0o666, 0o401])('SR-51: refuses mode %o', async (mode) => {
    expect(await refusalOf(resolveFile(await secretFile(`mode-${mode}`, canary, mode)))).toEqual(
      refused('open-to-others'),
    );
  });

  it('SR-51: judges the file that a link points to, not the link', async () => {
    const link = join(folder, 'link-to-open');
    await symlink(await secretFile('open', canary, 0o644), link);
    expect(await refusalOf(resolveFile(link))).toEqual(refused('open-to-others'));
  });

  it('SR-51: refuses a named pipe at once, without waiting for a writer', async () => {
    const path = join(folder, 'pipe');
    execFileSync('/usr/bin/mkfifo', ['-m', '400', path]);
    expect(await refusalOf(resolveFile(path))).toEqual(refused('not-a-file'));
  });

  it('SR-51: refuses a device', async () => {
    expect(await refusalOf(resolveFile('/dev/zero'))).toEqual(refused('not-a-file'));
  });
});

describe('an environment reference', () => {
  it('gives the value as a secret in development', async () => {
    expect((await resolveVariable('SIGNING_KEY', canary, 'development')).expose()).toBe(canary);
  });

  it('SR-51: is refused in production, set or not', async () => {
    expect(await refusalOf(resolveVariable('SIGNING_KEY', canary, 'production'))).toEqual(
      refused('refused-in-production'),
    );
    expect(await refusalOf(resolveVariable('SIGNING_KEY', undefined, 'production'))).toEqual(
      refused('refused-in-production'),
    );
  });

  it('SR-51: is refused in every mode but development', async () => {
    expect(await refusalOf(resolveVariable('SIGNING_KEY', canary, 'staging' as SecretMode))).toEqual(
      refused('refused-in-production'),
    );
  });

  it('SR-51: refuses a variable that is not set, or that every object inherits', async () => {
    for (const name of ['SIGNING_KEY', '__proto__', 'constructor', 'toString']) {
      expect(await refusalOf(resolveVariable(name, undefined, 'development'))).toEqual(refused('not-found'));
    }
  });

  it.each(['', ' ', '\n'])('SR-51: refuses an empty value: %j', async (value) => {
    expect(await refusalOf(resolveVariable('SIGNING_KEY', value, 'development'))).toEqual(refused('empty'));
  });
});
