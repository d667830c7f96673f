import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { type ComposeFile, type ComposeService, parseComposeFile } from '../../src/policy/compose-file.ts';
import { type ComposePolicy, judgeComposeFile } from '../../src/policy/compose-policy.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (name: string): ComposeFile => parseComposeFile(readFileSync(join(root, name), 'utf8'));

/** Gives each file to the user that reads it. */
const roots = { bootstrap: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] };
const ofStack: ComposePolicy = { edge: 'edge', roots };

const closed: ComposeService = {
  image: 'service:1',
  user: '999:999',
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  pids_limit: 100,
  mem_limit: '64m',
  cpus: 1,
  restart: 'on-failure:5',
  healthcheck: { test: ['CMD', 'true'] },
  networks: ['inside'],
};

function judge(change: Readonly<Record<string, unknown>>, name = 'service') {
  const services = { [name]: { ...closed, ...change } };
  return judgeComposeFile({ services, networks: { inside: { internal: true }, outside: {} } }, ofStack);
}

/** Each is one thing less than what the rule asks. */
const open: Record<string, readonly [rule: string, change: Readonly<Record<string, unknown>>]> = {
  'a root file system that can be written': ['SR-62 read-only', { read_only: false }],
  'a capability that is kept': ['SR-62 capabilities', { cap_drop: ['NET_RAW'] }],
  'a capability that is added': ['SR-62 capabilities', { cap_add: ['SYS_ADMIN'] }],
  'new privileges': ['SR-62 no new privileges', { security_opt: [] }],
  'no filter of system calls': [
    'SR-62 no new privileges',
    { security_opt: ['no-new-privileges:true', 'seccomp=unconfined'] },
  ],
  'processes without end': ['SR-62 processes', { pids_limit: -1 }],
  'memory without end': ['SR-62 memory and processor', { mem_limit: undefined }],
  'a processor without end': ['SR-62 memory and processor', { cpus: undefined }],
  'a restart without end': ['SR-62 restart', { restart: 'always' }],
  'temporary files that can be run': ['SR-62 temporary files', { tmpfs: ['/tmp:size=16m'] }],
  'temporary files without end': ['SR-62 temporary files', { tmpfs: ['/tmp:noexec,nosuid,nodev'] }],
  'nobody asks whether it is well': ['SR-62 health', { healthcheck: undefined }],
  root: ['SR-61 user', { user: '0:0' }],
  'a user by name': ['SR-61 user', { user: 'postgres' }],
  'the user of an image, whoever that is': ['SR-61 user', { user: undefined }],
  privileged: ['SR-63 host', { privileged: true }],
  'the network of the host': ['SR-63 host', { network_mode: 'host' }],
  'the processes of the host': ['SR-63 host', { pid: 'host' }],
  'a device of the host': ['SR-63 host', { devices: ['/dev/kmsg'] }],
  'the socket of the engine': ['SR-63 mounts', { volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro'] }],
  'a folder of the host that can be written': ['SR-63 mounts', { volumes: ['./docker:/docker'] }],
  'a shared mount': ['SR-63 mounts', { volumes: ['/:/host:rshared'] }],
  'a port beside the edge': ['SR-64 ports', { ports: ['127.0.0.1:5432:5432'] }],
  'a network with a way out': ['SR-64 networks', { networks: ['inside', 'outside'] }],
  'the network that compose makes': ['SR-64 networks', { networks: undefined }],
  'a password in the environment': ['SR-65 secrets', { environment: { DATABASE_PASSWORD: 'in-clear-text' } }],
  'a password in an address': [
    'SR-65 secrets',
    { environment: { DATABASE_URL: 'postgres://app:in-clear@postgres/a' } },
  ],
  'a list of variables, which nobody looks at': ['SR-65 secrets', { environment: ['DATABASE_PASSWORD=in-clear-text'] }],
  'a file of variables': ['SR-65 secrets', { env_file: '.env.production' }],
  'a key by a variable': ['SR-65 secrets', { environment: { SIGNING_KEY: '${SIGNING_KEY}' } }],
};

describe('the policy of compose files', () => {
  it.each(Object.entries(open))('refuses %s', (_name, [rule, change]) => {
    expect(judge(change).map((fault) => fault.rule)).toContain(rule);
  });

  it('SR-64: refuses an edge that everybody reaches', () => {
    expect(judge({ ports: ['8443:8443'] }, 'edge').map(({ rule }) => rule)).toEqual(['SR-64 ports']);
    expect(judge({ ports: ['127.0.0.1:8443:8443'] }, 'edge')).toEqual([]);
  });

  it('finds nothing in a closed service', () => {
    expect(judge({})).toEqual([]);
  });

  it('SR-61, SR-62, SR-63, SR-64, SR-65: holds for the stack', () => {
    expect(judgeComposeFile(read('compose.yaml'), ofStack)).toEqual([]);
  });

  it('SR-63: mounts no file of the host into the stack, whose owner, modes and label would be those of the clone', () => {
    const volumes = Object.values(read('compose.yaml').services).flatMap((service) => service.volumes ?? []);
    expect(volumes.length).toBeGreaterThan(10);
    expect(volumes.filter((volume) => typeof volume !== 'string' || /^[./~$]/.test(volume))).toEqual([]);
  });

  it('SR-64: gives the stack three networks, two of them without a way out', () => {
    const networks = Object.entries(read('compose.yaml').networks ?? {});
    expect(networks.map(([name, network]) => [name, network?.internal === true])).toEqual([
      ['edge', false],
      ['app', true],
      ['data', true],
    ]);
  });

  it('SR-62, SR-63: holds for the servers of tests', () => {
    expect(judgeComposeFile(read('compose.servers.yaml'), { roots, writable: ['./.local:/local'] })).toEqual([]);
  });
});
