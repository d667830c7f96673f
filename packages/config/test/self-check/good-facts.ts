import type { DatabaseFacts, ProcessFacts, SharedStoreFacts } from '../../src/index.ts';
import { TESTED_NODE } from '../../src/self-check/judge-process.ts';

/** A process as it should be. */
export const goodProcess: ProcessFacts = {
  nodeVersion: TESTED_NODE,
  isInspectorOpen: false,
  oldestTls: 'TLSv1.2',
  takesBrokenCiphers: false,
  hasPermissionModel: true,
  wideScopes: [],
  isPrototypeReachable: false,
  isPrototypeFrozen: true,
  options: { inEffect: [], fromEnvironment: [] },
  variables: ['PATH', 'NODE_ENV'],
  areCertificatesUnchecked: false,
  user: 'another',
  capabilityCount: 0,
  hasNoNewPrivileges: true,
  hasSeccompFilter: true,
  canDumpCore: false,
  openFilesMax: 1_024,
  isRootFileSystemWritable: false,
  isOwnCodeWritable: false,
  hasMemoryLimit: true,
};

/** A role, a connection and a server as they should be. */
export const goodDatabase: DatabaseFacts = {
  inspectedAtMs: Date.UTC(2026, 10, 25),
  attributes: [],
  predefinedRoles: [],
  canBecomePrivileged: false,
  ownedRelations: 0,
  ownedSchemas: 0,
  ownsDatabase: false,
  schemasToCreateIn: 0,
  canCreateSchemas: false,
  tablesToTruncate: 0,
  auditRights: [],
  isOverNetwork: true,
  encryption: 'TLSv1.3',
  passwordEncryption: 'scram-sha-256',
  serverVersion: 17,
  pendingMigrations: 0,
};

/** A user, a connection and a server as they should be. */
export const goodSharedStore: SharedStoreFacts = {
  isDefaultUser: false,
  admitsAnybody: false,
  allowedCommands: [],
  foreignAccess: [],
  isOverNetwork: true,
  isEncrypted: true,
  evictionPolicy: 'noeviction',
};
