import { describe, expect, it } from 'vitest';

import { judgeSharedStore, type SharedStoreFacts } from '../../src/index.ts';
import { goodSharedStore as good } from './good-facts.ts';

/** One bad fact each, and what is found in it: "id subject". */
const bad: Readonly<Record<string, readonly [changes: Partial<SharedStoreFacts>, found: string]>> = {
  'SR-50: finds the default user': [{ isDefaultUser: true }, 'RD-070 user'],
  'SR-50: finds CONFIG': [{ allowedCommands: ['CONFIG'] }, 'RD-071 CONFIG'],
  'SR-50: finds FLUSHALL': [{ allowedCommands: ['FLUSHALL'] }, 'RD-071 FLUSHALL'],
  'SR-50: finds MODULE': [{ allowedCommands: ['MODULE'] }, 'RD-071 MODULE'],
  'SR-50: finds DEBUG': [{ allowedCommands: ['DEBUG'] }, 'RD-071 DEBUG'],
  'SR-50: finds ACL': [{ allowedCommands: ['ACL'] }, 'RD-071 ACL'],
  'SR-50: finds EVAL': [{ allowedCommands: ['EVAL'] }, 'RD-072 EVAL'],
  'SR-50: finds SCRIPT': [{ allowedCommands: ['SCRIPT'] }, 'RD-072 SCRIPT'],
  'SR-50: finds FUNCTION': [{ allowedCommands: ['FUNCTION'] }, 'RD-072 FUNCTION'],
  'SR-50: finds KEYS': [{ allowedCommands: ['KEYS'] }, 'RD-073 KEYS'],
  'SR-50: finds SCAN': [{ allowedCommands: ['SCAN'] }, 'RD-073 SCAN'],
  'SR-50: finds foreign keys that can be read': [{ foreignAccess: ['read keys'] }, 'RD-074 read keys'],
  'SR-50: finds foreign keys that can be written': [{ foreignAccess: ['write keys'] }, 'RD-074 write keys'],
  'SR-50: finds foreign channels to publish on': [{ foreignAccess: ['publish'] }, 'RD-075 publish'],
  'SR-50: finds foreign channels to listen to': [{ foreignAccess: ['listen'] }, 'RD-075 listen'],
  'SR-28: finds a plain connection over the network': [{ isEncrypted: false }, 'RD-076 connection'],
  'SR-42: finds a store that forgets': [{ evictionPolicy: 'volatile-lru' }, 'RD-077 maxmemory-policy'],
  'SR-50: finds a store without a password': [{ admitsAnybody: true }, 'RD-078 server'],
};

describe('judgeSharedStore', () => {
  it.each(Object.entries(bad))('%s', (_name, [changes, found]) => {
    const findings = judgeSharedStore({ ...good, ...changes });
    expect(findings.map(({ id, subject }) => `${id} ${subject}`)).toStrictEqual([found]);
  });

  it.each<readonly [string, Partial<SharedStoreFacts>]>([
    ['a store as it should be', {}],
    ['a plain connection that does not leave the machine', { isOverNetwork: false, isEncrypted: false }],
    [
      'what is not known',
      { admitsAnybody: undefined, allowedCommands: undefined, foreignAccess: undefined, evictionPolicy: undefined },
    ],
  ])('finds nothing in %s', (_name, changes) => {
    expect(judgeSharedStore({ ...good, ...changes })).toStrictEqual([]);
  });
});
