import { judgeSharedStore, unknownFacts } from '@redoubt/config';
import { fixedSecret } from '@redoubt/secrets';
import { readServers } from '@redoubt/testing/contracts/servers';
import { afterAll, describe, expect, it } from 'vitest';

import { inspectSharedStore, type ValkeyOptions } from '../../src/index.ts';
import { createRecordedLog } from '../recorded-log.ts';
import { createValkeyUser } from '../shared-store/valkey-user.ts';

const user = await createValkeyUser();
const { url, username, password } = readServers().valkey;
const keyPrefix = 'inspection:';
const logger = createRecordedLog();

afterAll(() => user.drop());

/** The service's user, but for what is given. */
function options(changes: Partial<ValkeyOptions> = {}): ValkeyOptions {
  // Far beyond what a command takes: only a fault reaches it.
  return { ...user.options, commandTimeoutMs: 5_000, logger, ...changes };
}

/** The user that the server began with, which may do everything. */
function administrator(): ValkeyOptions {
  const credentials = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: fixedSecret(password) }),
  };
  return { url, ...credentials, keyPrefix, commandTimeoutMs: 5_000, logger };
}

async function inspect(store: ValkeyOptions): Promise<string[]> {
  return judgeSharedStore(await inspectSharedStore(store)).map(({ id, subject }) => `${id} ${subject}`);
}

/** Changes the service's user, looks, and changes it back. */
async function inspectWith(rules: readonly string[], back: readonly string[]): Promise<string[]> {
  const name = user.options.username ?? '';
  await user.admin.call('ACL', 'SETUSER', name, ...rules);
  try {
    return await inspect(options());
  } finally {
    await user.admin.call('ACL', 'SETUSER', name, ...back);
  }
}

/** How often each command was carried out since the server started. */
async function readCalls(): Promise<ReadonlyMap<string, string>> {
  const statistics = await user.admin.info('commandstats');
  return new Map(
    [...statistics.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '', calls = '']) => [name, calls]),
  );
}

const { keyPrefix: prefix } = user.options;

/** What is given to the user, what takes it back, and all that is found in between: "id subject". */
const spoiled: Readonly<Record<string, readonly [rules: string[], back: string[], ...found: string[]]>> = {
  'SR-50: finds a user that may use CONFIG': [['+config|get'], ['-config|get'], 'RD-071 CONFIG'],
  'SR-50: finds a user that may use FLUSHALL': [['+flushall'], ['-flushall'], 'RD-071 FLUSHALL'],
  'SR-50: finds a user that may use MODULE': [['+module'], ['-module'], 'RD-071 MODULE'],
  'SR-50: finds a user that may use ACL': [['+acl'], ['-acl'], 'RD-071 ACL'],
  'SR-50: finds a user that may run scripts': [
    ['+@scripting'],
    ['-@scripting'],
    'RD-072 EVAL',
    'RD-072 FUNCTION',
    'RD-072 SCRIPT',
  ],
  'SR-50: finds a user that may use KEYS': [['+keys'], ['-keys'], 'RD-073 KEYS'],
  'SR-50: finds a user that may use SCAN': [['+scan'], ['-scan'], 'RD-073 SCAN'],
  'SR-50: finds a user that reads every key': [['%R~*'], ['resetkeys', `~${prefix}*`], 'RD-074 read keys'],
  'SR-50: finds a user that writes every key': [['%W~*'], ['resetkeys', `~${prefix}*`], 'RD-074 write keys'],
  'SR-50: finds a user of every channel': [
    ['allchannels'],
    ['resetchannels', `&${prefix}*`],
    'RD-075 publish',
    'RD-075 listen',
  ],
};

describe('inspectSharedStore', () => {
  it('SR-50: finds nothing in the user that the README describes', async () => {
    const facts = await inspectSharedStore(options());
    expect(judgeSharedStore(facts)).toStrictEqual([]);
    // A user without further rights may not ask what the server drops; all else was learned.
    expect(unknownFacts(facts)).toStrictEqual(['evictionPolicy']);
  });

  it.each(Object.entries(spoiled))('%s', async (_name, [rules, back, ...found]) => {
    expect(await inspectWith(rules, back)).toStrictEqual(found);
    expect(await inspect(options())).toStrictEqual([]);
  });

  it('SR-50: finds the default user, and all that it may do', async () => {
    expect(await inspect(administrator())).toStrictEqual([
      'RD-070 user',
      'RD-071 ACL',
      'RD-071 CONFIG',
      'RD-071 FLUSHALL',
      'RD-071 MODULE',
      'RD-072 EVAL',
      'RD-072 FUNCTION',
      'RD-072 SCRIPT',
      'RD-073 KEYS',
      'RD-073 SCAN',
      'RD-074 read keys',
      'RD-074 write keys',
      'RD-075 publish',
      'RD-075 listen',
    ]);
  });

  it('SR-50: carries out nothing of what it tries, as a user that may do all of it', async () => {
    const key = `${prefix}kept`;
    await user.admin.set(key, 'value', 'PX', 60_000);
    const before = await readCalls();
    await inspectSharedStore(administrator());
    const after = await readCalls();
    for (const command of ['flushall', 'keys', 'scan', 'eval', 'set', 'get', 'publish', 'module|list', 'acl|getuser']) {
      expect([command, after.get(command)]).toStrictEqual([command, before.get(command)]);
    }
    expect(await user.admin.get(key)).toBe('value');
  });

  it('SR-42: finds a server that drops keys, where the user may ask', async () => {
    await user.admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      expect(await inspectWith(['+info'], ['-info'])).toStrictEqual(['RD-077 maxmemory-policy']);
      expect(await inspectWith(['+config|get'], ['-config|get'])).toStrictEqual([
        'RD-071 CONFIG',
        'RD-077 maxmemory-policy',
      ]);
    } finally {
      await user.admin.config('SET', 'maxmemory-policy', 'noeviction');
    }
    expect(await inspectWith(['+info'], ['-info'])).toStrictEqual([]);
  });

  it('SR-50: finds a server that serves whoever connects', async () => {
    await user.admin.call('ACL', 'SETUSER', 'default', 'nopass');
    try {
      expect(await inspect(options())).toStrictEqual(['RD-078 server']);
    } finally {
      await user.admin.call('ACL', 'SETUSER', 'default', 'resetpass', `>${password?.expose() ?? ''}`);
    }
    expect(await inspect(options())).toStrictEqual([]);
  });

  it('SR-50: finds nothing of a stranger where the default user is off', async () => {
    await user.admin.call('ACL', 'SETUSER', 'default', 'off');
    try {
      expect(await inspectSharedStore(options())).toMatchObject({ admitsAnybody: false });
    } finally {
      await user.admin.call('ACL', 'SETUSER', 'default', 'on');
    }
  });
});
