import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { examine, goodFlags, type Outcome, type Start } from './process-of-node.ts';

const scratch = await mkdtemp(join(tmpdir(), 'process-facts-'));
const keyLog = join(scratch, 'keys');

afterAll(() => rm(scratch, { recursive: true }));

const nodeOptions = (text: string): Start => ({ environment: { NODE_OPTIONS: text } });
const variable = (name: string, value = '1'): Start => ({ environment: { [name]: value } });
const flags = (...more: readonly string[]): Start => ({ flags: [...goodFlags, ...more] });

/** A start with one fault each, and all that is found beyond a good start: "id subject". */
const bad: Readonly<Record<string, readonly [start: Start, ...found: string[]]>> = {
  'SR-20: an open inspector, which the permission model had to be opened for': [
    flags('--allow-inspector', '--inspect=127.0.0.1:0'),
    'RD-082 --inspect',
    'RD-082 Node',
    'RD-093 inspector',
  ],
  'SR-53: an inspector that NODE_OPTIONS asks for, and the permission model keeps shut': [
    nodeOptions('--inspect=127.0.0.1:0'),
    'RD-082 --inspect',
  ],
  'SR-26: lenient parsing': [flags('--insecure-http-parser'), 'RD-083 --insecure-http-parser'],
  'SR-26: lenient parsing in quotes': [nodeOptions('"--insecure-http-parser"'), 'RD-083 --insecure-http-parser'],
  'SR-27: TLS 1.0': [flags('--tls-min-v1.0'), 'RD-084 Node'],
  'SR-27: TLS 1.1, spelt another way': [flags('--tls_min-v1.1'), 'RD-084 Node'],
  'SR-27: ciphers that encrypt nothing': [flags('--tls-cipher-list=HIGH:eNULL'), 'RD-084 Node'],
  'SR-27: algorithms of the legacy provider': [flags('--openssl-legacy-provider'), 'RD-084 --openssl-legacy-provider'],
  'SR-28: certificates that nobody checks': [
    variable('NODE_TLS_REJECT_UNAUTHORIZED', '0'),
    'RD-085 NODE_TLS_REJECT_UNAUTHORIZED',
  ],
  'SR-27: keys written by Node': [flags(`--tls-keylog=${keyLog}`), 'RD-086 --tls-keylog'],
  'SR-27: keys written by OpenSSL': [variable('SSLKEYLOGFILE', keyLog), 'RD-086 SSLKEYLOGFILE'],
  'SR-43: debug output': [variable('NODE_DEBUG', 'nothing'), 'RD-087 NODE_DEBUG'],
  'SR-43: debug output of native code': [variable('NODE_DEBUG_NATIVE', 'NOTHING'), 'RD-087 NODE_DEBUG_NATIVE'],
  'SR-43: traces of TLS': [flags('--trace-tls'), 'RD-087 --trace-tls'],
  'SR-51: heap snapshots': [flags('--heapsnapshot-signal=SIGUSR2'), 'RD-088 --heapsnapshot-signal'],
  'SR-51: reports with the environment': [nodeOptions('--report-on-signal'), 'RD-088 --report-on-signal'],
  'SR-51: coverage': [variable('NODE_V8_COVERAGE', scratch), 'RD-088 NODE_V8_COVERAGE'],
  'SR-20: code that NODE_OPTIONS imports': [nodeOptions('--import=data:text/javascript,0'), 'RD-090 --import'],
  'SR-20: code that the linker loads': [variable('LD_AUDIT', join(scratch, 'none.so')), 'RD-090 LD_AUDIT'],
  'SR-28: a further authority': [variable('NODE_EXTRA_CA_CERTS', keyLog), 'RD-091 NODE_EXTRA_CA_CERTS'],
  'SR-28: the authorities of the system': [flags('--use-system-ca'), 'RD-091 --use-system-ca'],
  'SR-20: child processes': [flags('--allow-child-process'), 'RD-093 child'],
  'SR-20: workers': [flags('--allow-worker'), 'RD-093 worker'],
  'SR-20: addons': [flags('--allow-addons'), 'RD-093 addon'],
  'SR-20: WASI': [flags('--allow-wasi'), 'RD-093 wasi'],
  'SR-20: foreign functions': [flags('--allow-ffi'), 'RD-093 ffi'],
  'SR-20: writing everywhere': [flags('--allow-fs-write=*'), 'RD-093 fs.write'],
  'SR-19: __proto__': [{ flags: goodFlags.slice(1) }, 'RD-094 __proto__'],
  'SR-19: an Object.prototype that nobody froze': [{ arguments: ['unfrozen'] }, 'RD-094 Object.prototype'],
};

/** What the machine of the tests decides: its limits, its user, its mounts. */
const SURROUNDINGS: ReadonlySet<string> = new Set(['RD-089', 'RD-095', 'RD-096', 'RD-097', 'RD-098']);

describe('readProcessFacts and judgeProcess', () => {
  let good: Outcome;

  beforeAll(async () => {
    good = await examine();
  });

  it('find nothing in a good start, but in what surrounds it', () => {
    expect(good.findings.filter(({ id }) => !SURROUNDINGS.has(id))).toStrictEqual([]);
  });

  it.runIf(process.platform === 'linux')('SR-61: find that root runs it, where root does', async () => {
    const found = named(await examine(flags('--allow-fs-read=/proc/self/uid_map')));
    const isMapped = !/^\s*0\s+0\s/m.test(readFileSync('/proc/self/uid_map', 'utf8'));
    expect(found.includes('RD-095 user')).toBe(process.getuid?.() === 0 && !isMapped);
  });

  it.runIf(process.getuid?.() === 0)('SR-61: do not know whose root runs it where they may not read the map', () => {
    expect(named(good)).not.toContain('RD-095 user');
    expect(good.unknown).toContain('user');
  });

  it.concurrent.each(Object.entries(bad))('find %s', async (_name, [start, ...found]) => {
    const expected = [...named(good), ...found];
    expect(named(await examine(start)).toSorted()).toStrictEqual(expected.toSorted());
  });

  it.concurrent.each([
    ['reports without the environment', nodeOptions('--report-on-signal --report-exclude-env')],
    ['TLS 1.3 only', flags('--tls-min-v1.3')],
    ['an option that was taken back', flags('--insecure-http-parser', '--no-insecure-http-parser')],
    ['a prototype that throws', { flags: ['--disable-proto=throw', ...goodFlags.slice(1)] }],
    ['code that the command line imports', flags('--import=data:text/javascript,0')],
    ['variables that are set to nothing', { environment: { NODE_DEBUG: '', NODE_EXTRA_CA_CERTS: '' } }],
  ])('find nothing in %s', async (_name, start) => {
    expect(named(await examine(start))).toStrictEqual(named(good));
  });

  it.each([
    ['off', ['--disable-proto=delete']],
    ['only auditing', ['--disable-proto=delete', '--permission-audit']],
  ])('SR-20: find a permission model that is %s', async (_name, options) => {
    expect(named(await examine({ flags: options }))).toContain('RD-092 Node');
  });

  it('say what the permission model hides from them, and do not take it for well', () => {
    expect(good.unknown).toEqual(
      expect.arrayContaining([
        'capabilityCount',
        'hasNoNewPrivileges',
        'hasSeccompFilter',
        'canDumpCore',
        'openFilesMax',
        'isRootFileSystemWritable',
      ]),
    );
  });

  it.runIf(process.platform === 'linux')('know what Linux tells, where they may read it', async () => {
    const files = ['status', 'limits', 'mountinfo', 'uid_map'].map((name) => `--allow-fs-read=/proc/self/${name}`);
    const { unknown } = await examine(flags(...files));
    const told = ['capabilityCount', 'hasNoNewPrivileges', 'openFilesMax', 'isRootFileSystemWritable'];
    expect(told.filter((name) => unknown.includes(name))).toStrictEqual([]);
  });

  it('SR-53: print no value of an option or a variable', async () => {
    const { findings } = await examine({
      flags: [...goodFlags, '--tls-keylog=/nowhere/canary', '--heapsnapshot-signal=SIGUSR2'],
      environment: { NODE_DEBUG: 'canary', NODE_OPTIONS: '--import=data:text/javascript,/canary/' },
    });
    expect(findings.length).toBeGreaterThan(3);
    expect(JSON.stringify(findings)).not.toMatch(/canary|nowhere|SIGUSR2/);
  });
});

function named({ findings }: Outcome): string[] {
  return findings.map(({ id, subject }) => `${id} ${subject}`);
}
