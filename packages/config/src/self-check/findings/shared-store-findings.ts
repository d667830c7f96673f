import type { FindingId, FindingKind } from '../finding.ts';

const weak = { area: 'shared store', severity: 'error', silencing: 'allowed' } as const;

/** What can be wrong with the user, the connection and the server of the shared store: RD-070 to RD-079 (SR-50). */
export const sharedStoreFindings = {
  'RD-070': {
    ...weak,
    title: 'The service signs in as the default user of the shared store',
    risk: 'The default user may do everything, and every service that is given no name is that user. A rate limit of one is a session list of another, and whoever takes one over has all.',
    remedy:
      'Make a user with the prefix and the commands that the README of @redoubt/storage lists, name it in VALKEY_USERNAME, and switch the default one off: ACL SETUSER default off.',
    source: 'SR-50',
  },
  'RD-071': {
    ...weak,
    title: 'The service may administer the shared store',
    risk: 'CONFIG reads passwords and writes files, MODULE loads code into the server, ACL makes users, DEBUG stops it and FLUSHALL empties it: revocations and limits of all services are gone, and tokens that were revoked work again.',
    remedy:
      'ACL SETUSER api -@all, and then + each command of the list in the README of @redoubt/storage. Administration uses a user of its own.',
    source: 'SR-50',
  },
  'RD-072': {
    ...weak,
    title: 'The service may run scripts in the shared store',
    risk: 'Scripts run inside the server, and ways out of their sandbox have been found again and again; one that does not end stops the server for everybody. The service needs none.',
    remedy: 'ACL SETUSER api -@scripting.',
    source: 'SR-50, CVE-2025-49844',
  },
  'RD-073': {
    ...weak,
    severity: 'warning',
    title: 'The service may list the keys of the shared store',
    risk: 'KEYS and SCAN name the keys of every service, whatever the prefix: addresses, accounts, sessions. KEYS holds everybody up for as long as it runs.',
    remedy: 'ACL SETUSER api -keys -scan. Categories such as +@read bring them along: allow commands by name.',
    source: 'SR-50',
  },
  'RD-074': {
    ...weak,
    title: 'The service reaches keys of others in the shared store',
    risk: 'It can read or write what another service keeps: its counters, its revocations, its replay nonces. Whoever takes this service over signs nobody in there, and out whom he likes.',
    remedy: 'ACL SETUSER api resetkeys ~api:*, with the prefix of this service.',
    source: 'SR-50',
  },
  'RD-075': {
    ...weak,
    title: 'The service reaches channels of others in the shared store',
    risk: 'It can announce revocations to another service, or hear them. Before Redis 7 every user could by default, and allchannels brings that back.',
    remedy: 'ACL SETUSER api resetchannels &api:*, with the prefix of this service.',
    source: 'SR-50',
  },
  'RD-076': {
    ...weak,
    title: 'The connection to the shared store can be read',
    risk: 'The password of the store passes the network in the clear at every connection, and all keys and values after it. Who is on the way can drop a revocation.',
    remedy:
      'Set VALKEY_URL to rediss://, give the server a certificate (tls-port, tls-cert-file, tls-key-file) and close its plain port (port 0). Where a mesh encrypts, silence this with its name as the reason.',
    source: 'SR-28',
  },
  'RD-077': {
    ...weak,
    title: 'The shared store forgets keys when it is full',
    risk: 'A revocation or a replay nonce that is dropped before its time is one that never was: the token works again, the request is taken a second time. Whoever can fill the store chooses when.',
    remedy:
      'CONFIG SET maxmemory-policy noeviction, in the configuration file as well: a full store then refuses writes, and the service fails closed. Keep caches in another one.',
    source: 'SR-7, SR-42',
  },
  'RD-078': {
    ...weak,
    title: 'The shared store serves whoever connects',
    risk: 'It answers without a password. Every process that reaches its port reads and writes sessions, limits and revocations, and may administer it.',
    remedy:
      'ACL SETUSER default off once each service has its user, or requirepass; bind the server to the inner network only.',
    source: 'SR-50',
  },
} as const satisfies Record<FindingId, FindingKind>;
