import type { Socket } from 'node:net';
import { judgeSharedStore } from '@redoubt/config';
import { fixedSecret, Secret } from '@redoubt/secrets';
import { afterEach, describe, expect, it } from 'vitest';

import { inspectSharedStore, SharedStoreUnavailableError } from '../../src/index.ts';
import { routeOf } from '../../src/inspection/store-address.ts';
import { createRecordedLog } from '../recorded-log.ts';
import { findClosedPort, startPeer, type TestPeer } from '../test-peer.ts';

const NOT_ALLOWED = '-NOPERM this user has no permissions\r\n';
const NO_COMMAND = '-ERR wrong number of arguments\r\n';

/** A server of the protocol that answers by the first word of a command, and remembers what came. */
function answering(replies: Readonly<Record<string, string>>, received: string[]): (socket: Socket) => void {
  return (socket) => {
    socket.on('data', (bytes) => {
      // Each command is an array of strings, each behind its length. Those of one packet come whole: they are short.
      for (const command of bytes.toString().split(/^\*\d+\r\n/m)) {
        const words = command.split('\r\n').filter((line) => line !== '' && !/^\$\d+$/.test(line));
        const [name, ...args] = words;
        if (name === undefined) continue;
        received.push([name.toUpperCase(), ...args].join(' '));
        socket.write(replies[name.toUpperCase()] ?? NOT_ALLOWED);
      }
    });
  };
}

describe('inspectSharedStore, of a server that is none of ours', () => {
  let peer: TestPeer | undefined;

  afterEach(async () => {
    await peer?.close();
    peer = undefined;
  });

  async function inspect(replies: Readonly<Record<string, string>>) {
    const received: string[] = [];
    peer = await startPeer(answering({ AUTH: '+OK\r\n', ...replies }, received));
    const logger = createRecordedLog();
    const url = `redis://127.0.0.1:${peer.port}`;
    // The name shows that the server is believed about who is signed in.
    const facts = await inspectSharedStore({
      url,
      username: 'api',
      keyPrefix: 'api:',
      logger,
      commandTimeoutMs: 5_000,
    });
    return { facts, received };
  }

  it('SR-50: tries nothing where no transaction begins', async () => {
    const { facts, received } = await inspect({ PING: '+PONG\r\n' });
    expect(facts).toMatchObject({ allowedCommands: undefined, foreignAccess: undefined });
    expect(received.filter((line) => /^(?:FLUSHALL|KEYS|EVAL|SET)/.test(line))).toStrictEqual([]);
    expect(received.findLastIndex((line) => line === 'MULTI')).toBeGreaterThan(0);
  });

  it('SR-50: tries nothing where a transaction survives a command that is none', async () => {
    const { facts, received } = await inspect({ PING: '+PONG\r\n', MULTI: '+OK\r\n', GET: '+QUEUED\r\n' });
    expect(facts.allowedCommands).toBeUndefined();
    expect(received.filter((line) => line.startsWith('ACL GETUSER'))).toStrictEqual([]);
  });

  it('SR-50: stops at the first command that is carried out', async () => {
    const { facts, received } = await inspect({
      PING: '+PONG\r\n',
      MULTI: '+OK\r\n',
      GET: NO_COMMAND,
      ACL: '+carried out\r\n',
    });
    expect(facts.allowedCommands).toBeUndefined();
    expect(received.filter((line) => /^(?:FLUSHALL|KEYS|CONFIG GET self)/.test(line))).toStrictEqual([]);
  });

  it('SR-50: takes what the server queues for allowed, and sends no EXEC', async () => {
    const queue = { PING: '+PONG\r\n', MULTI: '+OK\r\n', GET: NO_COMMAND, FLUSHALL: '+QUEUED\r\n', SET: '+QUEUED\r\n' };
    const { facts, received } = await inspect(queue);
    expect(facts).toMatchObject({ allowedCommands: ['FLUSHALL'], foreignAccess: ['write keys'] });
    expect(received).not.toContain('EXEC');
  });

  it('SR-50: believes the server about the user', async () => {
    const { facts } = await inspect({ PING: '+PONG\r\n', ACL: '+default\r\n' });
    expect(facts.isDefaultUser).toBe(true);
  });

  it('SR-50: takes a user without a name for the default one', async () => {
    peer = await startPeer(answering({ PING: '+PONG\r\n' }, []));
    const url = `redis://127.0.0.1:${peer.port}`;
    const facts = await inspectSharedStore({ url, keyPrefix: 'api:', logger: createRecordedLog() });
    expect(judgeSharedStore(facts).map(({ id }) => id)).toContain('RD-070');
  });
});

describe('inspectSharedStore', () => {
  const logger = createRecordedLog();

  it('SR-30: rejects when there is no server, so that nobody takes silence for well', async () => {
    const url = `redis://127.0.0.1:${await findClosedPort()}`;
    const inspection = inspectSharedStore({ url, keyPrefix: 'api:', logger });
    await expect(inspection).rejects.toThrow(SharedStoreUnavailableError);
  });

  it('SR-51: refuses an address that holds a password, and does not repeat it', async () => {
    const inspection = inspectSharedStore({ url: 'redis://:canary@127.0.0.1', keyPrefix: 'api:', logger });
    const error: unknown = await inspection.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain('canary');
  });

  it('SR-51: does not print a password that a server refuses', async () => {
    const received: string[] = [];
    const peer = await startPeer(answering({ AUTH: '-WRONGPASS invalid\r\n' }, received));
    const url = `redis://127.0.0.1:${peer.port}`;
    const password = fixedSecret(Secret.of('canary'));
    const error: unknown = await inspectSharedStore({
      url,
      username: 'api',
      password,
      keyPrefix: 'api:',
      logger,
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SharedStoreUnavailableError);
    expect(JSON.stringify(error) + String(error)).not.toContain('canary');
    await peer.close();
  });
});

describe('routeOf', () => {
  it.each([
    ['redis://store.internal:6379', true, false],
    ['rediss://store.internal:6379', true, true],
    ['valkeys://10.0.0.1', true, true],
    ['valkey://10.0.0.1', true, false],
    ['redis://127.0.0.1.example:6379', true, false],
    ['redis://localhost:6379', false, false],
    ['redis://127.8.0.1', false, false],
    ['redis://[::1]:6379', false, false],
  ])('SR-28: reads %s', (address, isOverNetwork, isEncrypted) => {
    expect(routeOf(address)).toStrictEqual({ isOverNetwork, isEncrypted });
  });
});
