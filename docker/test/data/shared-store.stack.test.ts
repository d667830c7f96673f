import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type CommandResult, execIn, succeeded } from '../support/stack.ts';
import { ClientContainer } from './support/client-container.ts';

const KEY = 'redoubt-api:stack-test';

/** What the service has no business doing with its shared store. */
const forbidden: readonly string[] = [
  // SR-50 names these.
  'config get *',
  'config set maxmemory 1',
  'flushall',
  'flushdb',
  'keys *',
  'script load x',
  'script flush',
  'module list',
  'module load /tmp/x.so',
  // Whatever runs code, lists keys, or tells of others.
  'eval x 0',
  'evalsha x 0',
  'fcall x 0',
  'function list',
  'scan 0',
  'randomkey',
  'dbsize',
  'info',
  'monitor',
  'client list',
  'client kill type normal',
  'slowlog get',
  'acl whoami',
  'acl list',
  'acl setuser redoubt-api allcommands',
  'debug jmap',
  // Whatever takes data away, or stops the server.
  'save',
  'bgsave',
  'bgrewriteaof',
  'shutdown nosave',
  'replicaof 127.0.0.1 6379',
  'psync ? -1',
  'sync',
  'cluster info',
  'failover',
  `migrate 127.0.0.1 6379 ${KEY} 0 100`,
  `dump ${KEY}`,
  `rename ${KEY} ${KEY}-2`,
  'select 1',
  'swapdb 0 1',
];

/** Keys and channels of somebody else. */
const foreign: readonly string[] = [
  'get other:key',
  'set other:key 1',
  'del other:key',
  'incr other:key',
  'pttl other:key',
  'get redoubt-apix:key',
  'publish other:channel x',
  'subscribe other:channel',
];

/** Two commands make the client itself speak first, of replication. */
const REFUSED =
  /^(Entering replica output mode[\s\S]*: -)?(NOPERM |ERR DEBUG command not allowed|ERR MODULE command not allowed)/;

let client: ClientContainer;
beforeAll(async () => {
  client = await ClientContainer.start({ programs: 'valkey', secrets: 'api-secrets' });
});
afterAll(() => client.remove());

/** Sends one command over TLS; `-e` makes an error of the server the exit code. */
function cli(command: string, user: readonly string[] = ['--user', 'redoubt-api']): Promise<CommandResult> {
  const trust = ['-h', 'valkey', '--tls', '--cacert', '/run/secrets/server-authority.pem'];
  const words = ['valkey-cli', '-e', '--no-auth-warning', ...trust, ...user, ...command.split(' ')];
  return client.run('REDISCLI_AUTH', 'valkey-password', ...words);
}

const said = ({ stdout, stderr }: CommandResult): string => (stdout + stderr).trim();

describe('the user of the service at the shared store', () => {
  it.each(forbidden)('SR-50: may not: %s', async (command) => {
    const result = await cli(command);
    expect(said(result)).toMatch(REFUSED);
    expect(result.code).not.toBe(0);
  });

  it.each(foreign)('SR-50: may not, outside of its prefix: %s', async (command) => {
    const result = await cli(command);
    expect(said(result)).toMatch(/^NOPERM /);
    expect(result.code).not.toBe(0);
  });

  it('SR-50: may do what the service needs', async () => {
    const answers = {
      ping: /^PONG$/,
      [`set ${KEY} 1 PX 60000`]: /^OK$/,
      [`get ${KEY}`]: /^1$/,
      [`incr ${KEY}`]: /^2$/,
      [`pttl ${KEY}`]: /^\d+$/,
      [`del ${KEY}`]: /^1$/,
      'publish redoubt-api:channel x': /^0$/,
    };
    for (const [command, answer] of Object.entries(answers)) {
      const result = await cli(command);
      expect(result.code).toBe(0);
      expect(said(result)).toMatch(answer);
    }
  });
});

describe('whoever is not that user', () => {
  it('SR-50: is refused without a password', async () => {
    const script = 'unset REDISCLI_AUTH; exec "$@"';
    const trust = ['-h', 'valkey', '--tls', '--cacert', '/run/secrets/server-authority.pem'];
    const command = ['sh', '-c', script, 'sh', 'valkey-cli', '-e', ...trust, 'get', KEY];
    const result = await client.run('REDISCLI_AUTH', 'valkey-password', ...command);
    expect([result.code, said(result)]).toEqual([1, expect.stringMatching(/^NOAUTH /)]);
  });

  it.each([
    ['the default user', []],
    ['the default user, by its name', ['--user', 'default']],
    ['the user of the health check, with another password', ['--user', 'health']],
    ['nobody', ['--user', 'nobody']],
  ])('SR-50: is refused as %s', async (_who, user) => {
    const result = await cli(`get ${KEY}`, user);
    expect(result.code).not.toBe(0);
    expect(said(result)).toContain('WRONGPASS');
  });

  it('SR-28: is refused in plaintext', async () => {
    const words = ['valkey-cli', '-e', '-h', 'valkey', '--user', 'redoubt-api', 'ping'];
    const result = await client.run('REDISCLI_AUTH', 'valkey-password', ...words);
    expect(result.code).not.toBe(0);
    expect(said(result)).not.toContain('PONG');
  });

  it('SR-28: that trusts another authority does not believe the server', async () => {
    const trust = ['-h', 'valkey', '--tls', '--cacert', '/run/secrets/client-authority.pem'];
    const words = ['valkey-cli', '-e', ...trust, '--user', 'redoubt-api', 'ping'];
    const result = await client.run('REDISCLI_AUTH', 'valkey-password', ...words);
    expect([result.code, said(result)]).toEqual([1, expect.stringContaining('certificate verify failed')]);
  });
});

describe('the access list of the shared store', () => {
  it('SR-50: has two users beside the default one, which is off', async () => {
    const { stdout } = succeeded(await execIn('valkey', 'cat', '/run/secrets/users.acl'));
    const users = stdout.split('\n').filter((line) => line !== '');
    expect(users.map((line) => line.split(' ').slice(0, 3).join(' ')).toSorted()).toEqual([
      'user default off',
      'user health on',
      'user redoubt-api on',
    ]);
    // Passwords stand in it as their SHA-256, and nobody does without one.
    expect(stdout).not.toMatch(/nopass|allkeys|allcommands|allchannels| >|~\*|&\*|\+@/);
  });

  it('SR-50: lets the user of the health check do nothing but ask for an answer', async () => {
    const check = (...command: string[]) => {
      const trust = ['--tls', '--cacert', '/run/secrets/server-authority.pem', '--sni', 'valkey'];
      const script = 'REDISCLI_AUTH="$(cat /run/secrets/health-password)" exec valkey-cli -e "$@"';
      return execIn('valkey', 'sh', '-c', script, 'sh', ...trust, '--user', 'health', ...command);
    };
    expect(await check('ping')).toMatchObject({ code: 0, stdout: 'PONG\n' });
    for (const command of [['get', KEY], ['info'], ['config', 'get', '*'], ['publish', 'redoubt-api:x', 'y']]) {
      expect(said(await check(...command))).toMatch(/^NOPERM /);
    }
  });
});
