import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { findFreePort } from '../free-port.ts';
import { OwnServer } from './own-server.ts';

/** Servers of one test file, and where their programs are. */
export interface OwnServers {
  readonly postgres: OwnServer;
  readonly valkey: OwnServer;
  /** Kills them and removes what they wrote. */
  close(): Promise<void>;
}

/** Programs, as `tools/with-servers.sh` names them: a folder, and a file. */
export interface ServerPrograms {
  readonly postgresBin: string;
  readonly storeServer: string;
}

/** Starts a PostgreSQL and a Valkey, or Redis, that nobody else uses: free ports, random passwords, a folder in `tmpdir`. */
export async function startOwnServers(programs: ServerPrograms): Promise<OwnServers> {
  const directory = await mkdtemp(join(tmpdir(), 'own-servers-'));
  const postgres = await preparePostgres(programs.postgresBin, directory);
  const valkey = await prepareValkey(programs.storeServer, directory);
  await Promise.all([postgres.start(), valkey.start()]);
  return {
    postgres,
    valkey,
    async close() {
      await Promise.all([postgres.kill(), valkey.kill()]);
      await rm(directory, { recursive: true });
    },
  };
}

async function preparePostgres(bin: string, directory: string): Promise<OwnServer> {
  const [port, password, owner] = [await findFreePort(), randomPassword(), await findOwner(directory)];
  const [data, passwordFile] = [join(directory, 'postgres'), join(directory, 'password')];
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner !== undefined) await chown(passwordFile, owner.uid, owner.gid);
  const how = ['--username=superuser', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(bin, 'initdb'), [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...how], {
    ...owner,
    cwd: directory,
    stdio: 'pipe',
  });
  // What it writes has to survive its own death, and not that of the machine.
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  return new OwnServer(`postgres://superuser:${password}@127.0.0.1:${port}/postgres`, {
    program: join(bin, 'postgres'),
    args: ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    options: owner ?? {},
    ready: 'database system is ready to accept connections',
  });
}

async function prepareValkey(program: string, directory: string): Promise<OwnServer> {
  const [port, password] = [await findFreePort(), randomPassword()];
  return new OwnServer(`redis://:${password}@127.0.0.1:${port}`, {
    program,
    // By its input, not its arguments: those are seen by every user of the machine.
    args: ['-'],
    input: `bind 127.0.0.1\nport ${port}\nrequirepass ${password}\nsave ""\nappendonly no\ndir ${directory}\n`,
    options: {},
    ready: 'eady to accept connections',
  });
}

/** As whom a server runs. */
interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as Debian's user for it, who has to reach the folder. */
async function findOwner(directory: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const owner = { uid: idOf('-u'), gid: idOf('-g') };
  await chown(directory, owner.uid, owner.gid);
  return owner;
}

function randomPassword(): string {
  return randomBytes(24).toString('hex');
}
