import type { Finding } from './finding.ts';
import type { sharedStoreFindings } from './findings/shared-store-findings.ts';
import { found } from './found.ts';

type Id = keyof typeof sharedStoreFindings;

/**
 * What `judgeSharedStore` judges: what `inspectSharedStore` of `@redoubt/storage` gives, which says what each fact
 * means. A fact that the server did not tell is `undefined`.
 */
export interface SharedStoreFacts {
  readonly isDefaultUser: boolean;
  readonly admitsAnybody: boolean | undefined;
  readonly allowedCommands: readonly string[] | undefined;
  readonly foreignAccess: readonly string[] | undefined;
  readonly isOverNetwork: boolean;
  readonly isEncrypted: boolean;
  readonly evictionPolicy: string | undefined;
}

const COMMANDS: ReadonlyMap<string, Id> = new Map([
  ['ACL', 'RD-071'],
  ['CONFIG', 'RD-071'],
  ['DEBUG', 'RD-071'],
  ['FLUSHALL', 'RD-071'],
  ['MODULE', 'RD-071'],
  ['EVAL', 'RD-072'],
  ['FUNCTION', 'RD-072'],
  ['SCRIPT', 'RD-072'],
  ['KEYS', 'RD-073'],
  ['SCAN', 'RD-073'],
]);

const FOREIGN_ACCESS: ReadonlyMap<string, Id> = new Map([
  ['read keys', 'RD-074'],
  ['write keys', 'RD-074'],
  ['publish', 'RD-075'],
  ['listen', 'RD-075'],
]);

/** Judges the user, the connection and the server of the shared store (SR-28, SR-42, SR-50). */
export function judgeSharedStore(facts: SharedStoreFacts): readonly Finding[] {
  const { isDefaultUser, allowedCommands = [], foreignAccess = [], isOverNetwork, isEncrypted, evictionPolicy } = facts;
  const isForgetful = evictionPolicy !== undefined && evictionPolicy !== 'noeviction';
  return [
    ...found<Id>(isDefaultUser, 'RD-070', 'user', 'It is the default one.'),
    ...[...COMMANDS].flatMap(([name, id]) =>
      found(allowedCommands.includes(name), id, name, 'The user of the service may run it.'),
    ),
    ...[...FOREIGN_ACCESS].flatMap(([right, id]) =>
      found(foreignAccess.includes(right), id, right, 'The user of the service may do so under any name.'),
    ),
    ...found<Id>(isOverNetwork && !isEncrypted, 'RD-076', 'connection', 'It leaves this machine without encryption.'),
    ...found<Id>(isForgetful, 'RD-077', 'maxmemory-policy', 'It is not noeviction.'),
    ...found<Id>(facts.admitsAnybody, 'RD-078', 'server', 'It answered a client that showed no password.'),
  ];
}
