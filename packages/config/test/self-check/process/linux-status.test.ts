import { describe, expect, it } from 'vitest';

import {
  isRootMapped,
  isRootWritable,
  parseLimits,
  parseStatus,
} from '../../../src/self-check/process/linux-status.ts';

/** The lines of /proc/self/status that count, as the kernel writes them. */
function status({ held = '0000000000000000', noNewPrivileges = 1, seccomp = 2 }): string {
  return [
    'Name:\tnode',
    'Uid:\t10001\t10001\t10001\t10001',
    'CapInh:\t0000000000000000',
    `CapPrm:\t${held}`,
    'CapEff:\t0000000000000000',
    'CapBnd:\t00000000a80425fb',
    `NoNewPrivs:\t${noNewPrivileges}`,
    `Seccomp:\t${seccomp}`,
    'Seccomp_filters:\t1',
    '',
  ].join('\n');
}

function limits(core: string, files: string): string {
  return [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    `Max core file size        ${core.padEnd(20)} unlimited            bytes     `,
    `Max open files            ${files.padEnd(20)} 524288               files     `,
    '',
  ].join('\n');
}

describe('parseStatus', () => {
  it('SR-62: tells a confined process', () => {
    expect(parseStatus(status({}))).toStrictEqual({
      capabilityCount: 0,
      hasNoNewPrivileges: true,
      hasSeccompFilter: true,
    });
  });

  it('SR-62: tells an unconfined one', () => {
    expect(parseStatus(status({ held: '00000000a80425fb', noNewPrivileges: 0, seccomp: 0 }))).toStrictEqual({
      // Fourteen of a container's default, less the one that binds low ports.
      capabilityCount: 13,
      hasNoNewPrivileges: false,
      hasSeccompFilter: false,
    });
  });

  it('SR-62: forgives the capability that binds low ports', () => {
    expect(parseStatus(status({ held: '0000000000000400' })).capabilityCount).toBe(0);
  });

  it('knows nothing of a text without the fields', () => {
    expect(Object.values(parseStatus('Name:\tnode\n'))).toStrictEqual([undefined, undefined, undefined]);
  });
});

describe('parseLimits', () => {
  it.each([
    ['0', '65536', { canDumpCore: false, openFilesMax: 65_536 }],
    ['unlimited', '256', { canDumpCore: true, openFilesMax: 256 }],
    ['4096', 'unlimited', { canDumpCore: true, openFilesMax: Number.POSITIVE_INFINITY }],
  ])('SR-62: reads the soft limits %s and %s', (core, files, expected) => {
    expect(parseLimits(limits(core, files))).toStrictEqual(expected);
  });

  it('knows nothing of an empty text', () => {
    expect(parseLimits('')).toStrictEqual({ canDumpCore: undefined, openFilesMax: undefined });
  });
});

describe('isRootWritable', () => {
  const root = (mount: string, file: string): string =>
    `27 1 254:0 / / ${mount},relatime - ext4 /dev/vda ${file},discard`;
  const temporary = '29 27 0:26 / /tmp rw,relatime - tmpfs tmpfs rw';

  it.each([
    [root('rw', 'rw'), true],
    [root('ro', 'rw'), false],
    [root('rw', 'ro'), false],
    // Mounted over: the last one is seen.
    [`${root('rw', 'rw')}\n${root('ro', 'rw')}`, false],
    [temporary, undefined],
    ['', undefined],
  ])('SR-62: reads %j', (lines, expected) => {
    expect(isRootWritable(lines === '' ? '' : `${lines}\n${temporary}\n`)).toBe(expected);
  });
});

describe('isRootMapped', () => {
  it.each([
    ['         0          0 4294967295\n', false],
    ['         0       1000          1\n', true],
    ['         0     100000      65536\n     65536     200000      65536\n', true],
    ['', undefined],
  ])('SR-61: reads %j', (map, expected) => {
    expect(isRootMapped(map)).toBe(expected);
  });
});
