import { chmod, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { configVolumes } from '../../src/bootstrap/config-volumes.ts';
import { Stage } from './support/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.create();
});
afterEach(() => stage.dispose());

/** Everything below a volume of a configuration, with its mode. */
async function modesIn(volume: string): Promise<Readonly<Record<string, number>>> {
  const paths = ['', ...(await readdir(stage.path(volume), { recursive: true }))];
  const modes = paths.map(async (path) => [path, (await stat(stage.path(join(volume, path)))).mode & 0o7777] as const);
  return Object.fromEntries(await Promise.all(modes));
}

describe('what the servers are configured by', () => {
  it('SR-62: may be read by whoever a server runs as and written by nobody, whatever the umask', async () => {
    await stage.configure('edge', 'conf.d/parts/proxy.conf', 'a\n');
    const before = process.umask(0o077);
    try {
      await stage.run();
    } finally {
      process.umask(before);
    }
    expect(await modesIn('edge-config')).toEqual({
      '': 0o555,
      'server.conf': 0o444,
      'conf.d': 0o555,
      'conf.d/parts': 0o555,
      'conf.d/parts/proxy.conf': 0o444,
      profiles: 0o555,
      'profiles/http': 0o555,
      'profiles/server': 0o555,
    });
    for (const { name } of configVolumes)
      expect(await stage.read(`${name}/server.conf`)).toBe('# as the image has it\n');
  });

  it('is said once, and not again while nothing has changed', async () => {
    expect(await stage.run()).toContain('configured edge, postgres, valkey');
    expect((await stage.run()).filter((line) => /configur/.test(line))).toEqual([]);
  });

  it('is as the image has it: what is new is written, what is gone is taken away, and the reader is named', async () => {
    await stage.configure('edge', 'conf.d/old.conf', 'a\n');
    await stage.run();
    await rm(join(stage.configSource, 'edge/conf.d/old.conf'));
    await stage.configure('edge', 'conf.d/new.conf', 'b\n');
    await stage.configure('edge', 'server.conf', 'c\n');
    const lines = await stage.run();
    expect(lines.at(-1)).toBe('new configuration for edge: a restart has them read it');
    expect(await readdir(stage.path('edge-config/conf.d'))).toEqual(['new.conf']);
    expect(await stage.read('edge-config/server.conf')).toBe('c\n');
  });

  it('is mended where somebody has changed it or its modes', async () => {
    await stage.run();
    await chmod(stage.path('valkey-config/server.conf'), 0o600);
    await stage.run();
    expect((await modesIn('valkey-config'))['server.conf']).toBe(0o444);
    await stage.tamper('valkey-config/server.conf', () => 'tls-port 0\n');
    await stage.run();
    expect(await readFile(stage.path('valkey-config/server.conf'), 'utf8')).toBe('# as the image has it\n');
  });

  it.each([
    ['a volume is not mounted', 'valkey-config', /valkey-config.*mount the volume there/],
    ['the image brings none', 'config/valkey', /config\/valkey.*brings no configuration/],
  ])('is refused where %s', async (_what, folder, message) => {
    await rm(stage.path(folder), { recursive: true });
    await expect(stage.run()).rejects.toThrow(message);
    await stage.mount(folder);
  });
});
