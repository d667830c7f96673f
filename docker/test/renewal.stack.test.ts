import { X509Certificate } from 'node:crypto';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { connect } from 'node:tls';

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { type TlsServer, servedSerial } from './data/support/tls-attempt.ts';
import { type Administrator, createAdministrator } from './support/administrator.ts';
import { EdgeClient } from './support/edge-client.ts';
import {
  API_IMAGE,
  type CommandResult,
  compose,
  composeCommand,
  docker,
  EDGE_PORT,
  execIn,
  PROJECT,
  readAuthority,
  stackEnvironment,
  succeeded,
} from './support/stack.ts';
import { SteadyLoad } from './support/steady-load.ts';

const CLIENTS = 8;
/** Answers before and after what happens: enough that every connection was used many times. */
const ANSWERS = 500;
const PATIENCE = { timeout: 60_000, interval: 100 };

const servers = ['edge', 'postgres', 'valkey'] as const;
type Server = (typeof servers)[number];

const data: Record<Exclude<Server, 'edge'>, TlsServer> = {
  postgres: { host: 'postgres', port: 5432, protocol: 'postgresql' },
  valkey: { host: 'valkey', port: 6379 },
};

let client: EdgeClient;
let administrator: Administrator;
beforeAll(async () => {
  client = await EdgeClient.create();
  administrator = await createAdministrator(client);
});
afterAll(() => client.close());

let before: readonly string[];
beforeEach(async () => {
  before = await shown();
});

describe('SR-28: renewing the certificates of the running stack', () => {
  it('SR-38: loses no request, and every server shows its new one', async () => {
    await using load = new SteadyLoad(client, administrator.authorization, CLIENTS);
    await moreAnswers(load);
    const { stdout } = succeeded(await renew('--now'));
    await moreAnswers(load);
    await load.stop();
    expect(load.failed).toEqual([]);
    expect(stdout).toMatch(/renew: every server shows the certificate of its volume\n$/);
    await expectAllNew();
  }, 180_000);

  it('tells nobody anything when nothing is due', async () => {
    const { stdout } = succeeded(await renew());
    expect(stdout).not.toMatch(/^(?:renewed|restored|new files)|reads its files again/m);
    expect(await shown()).toEqual(before);
  });

  it('ends what a run began that was killed after the files were written', async () => {
    succeeded(await compose('run', '--rm', '--no-deps', '-T', '--env', 'RENEW=now', 'bootstrap'));
    const [edge, postgres] = await inVolumes();
    const [shownByEdge, shownByPostgres] = await shown();
    // Neither looks at its files by itself: without the script, both go on with the old ones until they expire.
    expect([shownByEdge, shownByPostgres]).not.toContain(edge);
    expect([shownByEdge, shownByPostgres]).not.toContain(postgres);
    const { stdout } = succeeded(await renew());
    expect(stdout).toContain('renew: edge reads its files again\nrenew: postgres reads its files again\n');
    await expectAllNew();
  }, 120_000);

  it('has the edge read again what it shows to nobody but the API, once', async () => {
    const touch = "const now = new Date(); require('node:fs').utimesSync('/secrets/client-certificate.pem', now, now)";
    const volume = `${PROJECT}_edge-secrets:/secrets`;
    const place = ['--rm', '--user', '0:0', '--network', 'none', '--volume', volume, '--entrypoint', '/app/node'];
    succeeded(await docker('run', ...place, API_IMAGE, '-e', touch));
    const [first, second] = [succeeded(await renew()).stdout, succeeded(await renew()).stdout];
    expect([first, second].map((told) => told.includes('renew: edge reads its files again'))).toEqual([true, false]);
  });

  it('makes no certificate for another name than the one that the edge serves', async () => {
    const { code, stderr } = await renew('--now', { EDGE_SERVER_NAME: 'service.test' });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('the edge serves localhost, and EDGE_SERVER_NAME says service.test'),
    ]);
    expect(await inVolumes()).toEqual(before);
  });
});

async function expectAllNew(): Promise<void> {
  const now = await shown();
  expect(now).toEqual(await inVolumes());
  expect(now.filter((serial) => before.includes(serial))).toEqual([]);
}

/** The serial numbers of what the servers show, in their order. */
function shown(): Promise<readonly string[]> {
  return Promise.all(servers.map((server) => (server === 'edge' ? edgeSerial() : servedSerial(data[server]))));
}

/** The same, of what is in their volumes. */
function inVolumes(): Promise<readonly string[]> {
  return Promise.all(
    servers.map(async (server) => {
      const { stdout } = succeeded(await execIn(server, 'cat', '/run/secrets/tls-certificate.pem'));
      return new X509Certificate(stdout).serialNumber;
    }),
  );
}

async function edgeSerial(): Promise<string> {
  const ca = await readAuthority();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host: '127.0.0.1', port: EDGE_PORT, servername: 'localhost', ca }, () => {
    resolve(socket.getPeerX509Certificate()?.serialNumber ?? 'none');
    socket.destroy();
  });
  socket.once('error', reject);
  return promise;
}

async function moreAnswers(load: SteadyLoad): Promise<void> {
  const enough = load.answered + ANSWERS;
  await vi.waitUntil(() => load.answered >= enough, PATIENCE);
}

function renew(option?: '--now', changes: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  const script = join(import.meta.dirname, '..', 'renew.sh');
  const env = { ...stackEnvironment, COMPOSE: composeCommand.join(' '), ...changes };
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  execFile(script, option === undefined ? [] : [option], { env }, (error, stdout, stderr) =>
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
  );
  return promise;
}
