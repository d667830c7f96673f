import type { Stats } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { configVolumes } from '../../../src/bootstrap/config-volumes.ts';
import { parseEdgeNames } from '../../../src/bootstrap/subject-name.ts';
import type { Renewal } from '../../../src/bootstrap/judge-leaf.ts';
import { runBootstrap } from '../../../src/bootstrap/run-bootstrap.ts';
import type { SetOwner } from '../../../src/bootstrap/volume-folder.ts';
import { type Owner, volumes } from '../../../src/bootstrap/volumes.ts';

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** Empty volumes in a folder of their own. Files are named `volume/file`. */
export class Stage {
  readonly root: string;
  /** Noted only: not everybody who tests may give files away. */
  readonly #owners = new Map<string, Owner>();

  private constructor(root: string) {
    this.root = root;
  }

  static async create(): Promise<Stage> {
    const stage = new Stage(await mkdtemp(join(tmpdir(), 'bootstrap-')));
    for (const { name } of [...volumes, ...configVolumes]) await stage.mount(name);
    for (const { service } of configVolumes) await stage.configure(service, 'server.conf', '# as the image has it\n');
    return stage;
  }

  /** Where the image has what the servers are configured by. */
  get configSource(): string {
    return this.path('config');
  }

  /** Puts a file among those of a server, as a clone under a strict umask has it. */
  async configure(service: string, file: string, text: string): Promise<void> {
    const path = join(this.configSource, service, file);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, text, { mode: 0o600 });
  }

  readonly #noteOwner: SetOwner = (path, owner) => {
    this.#owners.set(path.slice(this.root.length + 1).replace(/\.new$/, ''), owner);
    return Promise.resolve();
  };

  run({
    nowMs = Date.now(),
    edgeNames = '',
    renewal = 'when due',
    setOwner = this.#noteOwner,
  }: {
    nowMs?: number;
    edgeNames?: string;
    renewal?: Renewal;
    setOwner?: SetOwner;
  } = {}): Promise<readonly string[]> {
    return runBootstrap({
      root: this.root,
      configSource: this.configSource,
      nowMs,
      renewal,
      edgeNames: parseEdgeNames(edgeNames),
      setOwner,
    });
  }

  path(name: string): string {
    return join(this.root, name);
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  /** Every file but the lock, with its content. */
  async readAll(): Promise<ReadonlyMap<string, string>> {
    const files = new Map<string, string>();
    for (const { name } of volumes)
      for (const file of await readdir(this.path(name)))
        if (file !== 'lock') files.set(`${name}/${file}`, await this.read(`${name}/${file}`));
    return files;
  }

  /** Whom a path was given to last; otherwise, whose it is. */
  async ownerOf(name: string): Promise<Owner> {
    const { uid, gid } = await this.stats(name);
    return this.#owners.get(name) ?? { uid, gid };
  }

  stats(name: string): Promise<Stats> {
    return stat(this.path(name));
  }

  async mode(name: string): Promise<number> {
    return (await this.stats(name)).mode & 0o7777;
  }

  /** Puts a content in a file's place, or takes the file away. */
  async tamper(name: string, change: (content: string) => string | undefined): Promise<void> {
    const folder = this.path(name.slice(0, name.indexOf('/')));
    const changed = change(await this.read(name).catch(() => ''));
    await chmod(folder, 0o700);
    await rm(this.path(name), { force: true });
    if (changed !== undefined) await writeFile(this.path(name), changed, { mode: 0o400 });
  }

  /** A volume that was removed, and made anew by the engine. */
  async lose(volume: string): Promise<void> {
    await this.unmount(volume);
    await this.mount(volume);
  }

  async mount(volume: string): Promise<void> {
    await mkdir(this.path(volume));
  }

  async unmount(volume: string): Promise<void> {
    await chmod(this.path(volume), 0o700);
    const entries = await readdir(this.path(volume), { recursive: true, withFileTypes: true });
    for (const entry of entries) if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o700);
    await rm(this.path(volume), { recursive: true });
  }

  async dispose(): Promise<void> {
    for (const { name } of [...volumes, ...configVolumes]) await this.unmount(name);
    await rm(this.root, { recursive: true });
  }
}

/** The names of the files whose content differs between two readings. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).toSorted();
}
