import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type CommandResult, compose, containersOf, docker, PROJECT, succeeded } from '../support/stack.ts';
import { ClientContainer } from './support/client-container.ts';
import { psql } from './support/psql.ts';
import { attemptTls, type TlsServer } from './support/tls-attempt.ts';

const servers: readonly TlsServer[] = [
  { host: 'postgres', port: 5432, protocol: 'postgresql' },
  { host: 'valkey', port: 6379 },
];

describe.each(servers)('the listener of $host', (server) => {
  it('SR-28: speaks TLS 1.3', async () => {
    expect(await attemptTls(server, 'TLSv1.3')).toBe('TLSv1.3');
  });

  it.each(['TLSv1', 'TLSv1.1', 'TLSv1.2'])('SR-28: refuses %s', async (version) => {
    expect(await attemptTls(server, version)).toMatch(/^(ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|ECONNRESET)$/);
  });
});

describe('a neighbour of PostgreSQL', () => {
  let client: ClientContainer;
  beforeAll(async () => {
    client = await ClientContainer.start({ programs: 'postgres', secrets: 'roles-secrets' });
  });
  afterAll(() => client.remove());

  it('SR-28: is let in over TLS, with the name of the server proved', async () => {
    const asked = await psql(
      client,
      'app_runtime',
      'select version from pg_stat_ssl where pid = pg_backend_pid() and ssl',
    );
    expect(asked).toEqual({ code: 0, stdout: 'TLSv1.3\n', stderr: '' });
  });

  it.each(['postgres', 'app_migrator', 'app_runtime', 'app_reader', 'app_backup'] as const)(
    'SR-28: is refused in plaintext as %s, with the right password',
    async (role) => {
      const { code, stderr } = await psql(client, role, 'select 1', 'sslmode=disable channel_binding=disable');
      expect([code, stderr]).toEqual([2, expect.stringContaining('no encryption')]);
    },
  );

  it('SR-28: that trusts another authority does not believe the server', async () => {
    // The authorities of the machine: none of them has signed it.
    const { code, stderr } = await psql(client, 'app_runtime', 'select 1', 'sslrootcert=system');
    expect([code, stderr]).toEqual([2, expect.stringContaining('certificate verify failed')]);
  });

  it('SR-28: that calls the server by another name does not believe it', async () => {
    const address = await addressOf('postgres');
    const { code, stderr } = await psql(client, 'app_runtime', 'select 1', `host=${address}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('does not match host name')]);
  });
});

describe('the bundle of the service', () => {
  const roleOfService = {
    AUDIT_DATABASE_URL: 'postgres://app_runtime@postgres:5432/redoubt',
    AUDIT_DATABASE_PASSWORD: 'file:///run/secrets/database-password',
  };

  it('SR-28: works with a database that the right authority has signed', async () => {
    const { code, stdout } = await run(['verify-audit'], roleOfService);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^The audit trail is whole/)]);
  });

  it('SR-28: does not work with a database that another authority has signed', async () => {
    const settings = { ...roleOfService, DATABASE_CA_FILE: '/run/secrets/client-authority.pem' };
    const { code, stderr } = await run(['verify-audit'], settings);
    expect([code, stderr]).toEqual([1, expect.stringContaining('DatabaseUnavailableError')]);
  });

  it('SR-28: does not work with a database that goes by another name', async () => {
    const url = `postgres://app_runtime@${await addressOf('postgres')}:5432/redoubt`;
    const { code, stderr } = await run(['verify-audit'], { ...roleOfService, AUDIT_DATABASE_URL: url });
    expect([code, stderr]).toEqual([1, expect.stringContaining('DatabaseUnavailableError')]);
  });

  it.each([
    ['the shared store', { VALKEY_CA_FILE: '/run/secrets/client-authority.pem' }, 'SharedStoreUnavailableError'],
    ['the database', { DATABASE_CA_FILE: '/run/secrets/client-authority.pem' }, 'DatabaseUnavailableError'],
  ])('SR-28: cannot look at %s, signed by another authority', async (_what, settings, error) => {
    expect(await reasonsNotChecked({})).not.toContain(error);
    expect(await reasonsNotChecked(settings)).toContain(error);
  });

  it.each([
    ['the database', { DATABASE_TLS: 'off' }, 'RD-066'],
    ['the shared store', { VALKEY_URL: 'redis://valkey:6379' }, 'RD-076'],
  ])('SR-28: does not start with a plain way to %s', async (_what, settings, id) => {
    const { code, stderr } = await run(['serve'], settings);
    expect([code, stderr]).toEqual([78, expect.stringContaining(id)]);
  });
});

/** Runs a command of the service's image in its place, with some settings changed. */
function run(command: readonly string[], settings: Readonly<Record<string, string>>): Promise<CommandResult> {
  const changes = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return compose('run', '--rm', '--no-deps', '-T', ...changes, 'api', ...command);
}

/** Why the self-check could not look at everything. */
async function reasonsNotChecked(settings: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await run(['doctor', '--json'], settings);
  const { notChecked } = JSON.parse(stdout) as { readonly notChecked: readonly { readonly reason: string }[] };
  return notChecked.map(({ reason }) => reason).join('\n');
}

async function addressOf(service: string): Promise<string> {
  const [container = ''] = await containersOf(service);
  const format = `{{(index .NetworkSettings.Networks "${PROJECT}_data").IPAddress}}`;
  return succeeded(await docker('inspect', '--format', format, container)).stdout.trim();
}
