import {
  type DatabaseFacts,
  judgeClock,
  judgeDatabase,
  judgeProcess,
  judgeSharedStore,
  type ProcessFacts,
  type SharedStoreFacts,
} from '../../../src/index.ts';
import { goodDatabase, goodProcess, goodSharedStore } from '../good-facts.ts';
import type { BadConfiguration, BadConfigurations } from './bad-configuration.ts';

function process(what: string, facts: Partial<ProcessFacts>): BadConfiguration {
  return { what, bad: () => judgeProcess({ ...goodProcess, ...facts }), mended: () => judgeProcess(goodProcess) };
}

function option(name: string): BadConfiguration {
  return process(`the option ${name}`, { options: { inEffect: [name], fromEnvironment: [name] } });
}

function database(what: string, facts: Partial<DatabaseFacts>): BadConfiguration {
  return { what, bad: () => judgeDatabase({ ...goodDatabase, ...facts }), mended: () => judgeDatabase(goodDatabase) };
}

function store(what: string, facts: Partial<SharedStoreFacts>): BadConfiguration {
  const mended = () => judgeSharedStore(goodSharedStore);
  return { what, bad: () => judgeSharedStore({ ...goodSharedStore, ...facts }), mended };
}

function clock(what: string, databaseSkewMs: number): BadConfiguration {
  return { what, bad: () => judgeClock({ databaseSkewMs }), mended: () => judgeClock({ databaseSkewMs: 0 }) };
}

/** RD-060 to RD-069. */
export const badDatabase: BadConfigurations = {
  'RD-060': database('a superuser', { attributes: ['SUPERUSER'] }),
  'RD-061': database('a role that writes everywhere', { predefinedRoles: ['pg_write_all_data'] }),
  'RD-062': database('a role that owns tables', { ownedRelations: 1 }),
  'RD-063': database('a role that makes tables', { schemasToCreateIn: 1 }),
  'RD-064': database('a role that empties tables', { tablesToTruncate: 1 }),
  'RD-065': database('a role that changes the audit table', { auditRights: ['DELETE'] }),
  'RD-066': database('a plain connection over the network', { encryption: 'none' }),
  'RD-067': database('passwords stored by MD5', { passwordEncryption: 'md5' }),
  'RD-068': database('a server out of support', { serverVersion: 13 }),
  'RD-069': database('a migration that was not applied', { pendingMigrations: 1 }),
};

/** RD-070 to RD-078. */
export const badSharedStore: BadConfigurations = {
  'RD-070': store('the default user', { isDefaultUser: true }),
  'RD-071': store('a user that changes the server', { allowedCommands: ['CONFIG'] }),
  'RD-072': store('a user that runs scripts', { allowedCommands: ['EVAL'] }),
  'RD-073': store('a user that lists keys', { allowedCommands: ['KEYS'] }),
  'RD-074': store('a user that reads the keys of others', { foreignAccess: ['read keys'] }),
  'RD-075': store('a user that listens to others', { foreignAccess: ['listen'] }),
  'RD-076': store('a plain connection over the network', { isEncrypted: false }),
  'RD-077': store('a store that forgets', { evictionPolicy: 'allkeys-lru' }),
  'RD-078': store('a store without a password', { admitsAnybody: true }),
};

/** RD-080 to RD-098, and the clocks: RD-099, RD-110. */
export const badSurroundings: BadConfigurations = {
  'RD-080': process('another release line of Node', { nodeVersion: '24.1.0' }),
  'RD-081': process('an older Node', { nodeVersion: '26.1.0' }),
  'RD-082': process('an open inspector', { isInspectorOpen: true }),
  'RD-083': option('--insecure-http-parser'),
  'RD-084': process('TLS 1.0', { oldestTls: 'TLSv1' }),
  'RD-085': process('unchecked certificates', { areCertificatesUnchecked: true }),
  'RD-086': process('a log of TLS keys', { variables: ['SSLKEYLOGFILE'] }),
  'RD-087': process('debug output of connections', { variables: ['NODE_DEBUG'] }),
  'RD-088': option('--heapsnapshot-signal'),
  'RD-089': process('core dumps', { canDumpCore: true }),
  'RD-090': process('code that the environment loads', { variables: ['LD_PRELOAD'] }),
  'RD-091': process('a further authority', { variables: ['NODE_EXTRA_CA_CERTS'] }),
  'RD-092': process('no permission model', { hasPermissionModel: false }),
  'RD-093': process('a permission to start processes', { wideScopes: ['child'] }),
  'RD-094': process('a prototype that can be changed', { isPrototypeFrozen: false }),
  'RD-095': process('root', { user: 'root' }),
  'RD-096': process('capabilities', { capabilityCount: 2 }),
  'RD-097': process('system calls that nobody filters', { hasSeccompFilter: false }),
  'RD-098': process('a program that can change itself', { isOwnCodeWritable: true }),
  'RD-099': clock('a clock that is 6 seconds ahead', 6_000),
  'RD-110': clock('a clock that is a minute behind', -60_000),
};
