import type { AuthorityName } from './authorities.ts';
import type { LeafName } from './leaves.ts';

/** Secret texts that two or more parties share: of the roles of the database, and of the users of the shared store. */
export const passwordNames = [
  'superuser',
  'migrator',
  'runtime',
  'reader',
  'backup',
  'shared store',
  'shared store health',
] as const;

/** What a file holds. Several files may hold the same thing: the first whole one, in the order of the table, counts. */
export type FileContent =
  | { readonly kind: 'password'; readonly of: (typeof passwordNames)[number] }
  | { readonly kind: 'authority key' | 'authority certificate'; readonly of: AuthorityName }
  | { readonly kind: 'leaf key' | 'leaf certificate'; readonly of: LeafName }
  | { readonly kind: 'signing key' | 'access list' };

/** A volume, and all that the bootstrap writes into it. */
export interface Volume {
  readonly name: string;
  /** Whom folder and files belong to, as numbers: the name is another one in each image. */
  readonly owner: Owner;
  /** Absent: whoever has the volume reads its files again when they change. */
  readonly reader?: FileReader;
  /** In the order of writing. A key stands before its certificate: a run that is killed between them leaves no lie. */
  readonly files: Readonly<Record<string, FileContent>>;
}

/** A service that goes on with what it has read, until it is told. */
export interface FileReader {
  readonly service: string;
  /** Those that it reads once. */
  readonly files: readonly string[];
  readonly by: 'reload' | 'restart';
}

/** A user and a group of a container. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const ROOT: Owner = { uid: 0, gid: 0 };
/** `nonroot` of the distroless images. */
const SERVICE: Owner = { uid: 65_532, gid: 65_532 };
/** `nginx` of nginx-unprivileged. */
const EDGE: Owner = { uid: 101, gid: 101 };
/** `postgres` of the image of PostgreSQL. */
const POSTGRES: Owner = { uid: 999, gid: 999 };
/** `valkey` of the image of Valkey. */
const VALKEY: Owner = { uid: 999, gid: 1000 };

/** What others are made from. It is no consumer's: nobody but the bootstrap mounts it. */
export const AUTHORITY_VOLUME = 'authority';

/**
 * Who gets what: one volume for each consumer, and in it what that consumer needs and nothing else (SR-51).
 *
 * The volume of the authorities comes first, so that its passwords are the ones that count and every other file is
 * copied or made from what is in it.
 */
export const volumes: readonly Volume[] = [
  {
    name: AUTHORITY_VOLUME,
    owner: ROOT,
    files: {
      'edge-authority.key': { kind: 'authority key', of: 'edge' },
      'edge-authority.pem': { kind: 'authority certificate', of: 'edge' },
      'server-authority.key': { kind: 'authority key', of: 'server' },
      'server-authority.pem': { kind: 'authority certificate', of: 'server' },
      'client-authority.key': { kind: 'authority key', of: 'client' },
      'client-authority.pem': { kind: 'authority certificate', of: 'client' },
      'superuser-password': { kind: 'password', of: 'superuser' },
      'migrator-password': { kind: 'password', of: 'migrator' },
      'runtime-password': { kind: 'password', of: 'runtime' },
      'reader-password': { kind: 'password', of: 'reader' },
      'backup-password': { kind: 'password', of: 'backup' },
      'valkey-password': { kind: 'password', of: 'shared store' },
      'health-password': { kind: 'password', of: 'shared store health' },
    },
  },
  {
    // It reads all of these again when they change.
    name: 'api-secrets',
    owner: SERVICE,
    files: {
      'signing-key.pem': { kind: 'signing key' },
      'database-password': { kind: 'password', of: 'runtime' },
      'valkey-password': { kind: 'password', of: 'shared store' },
      'tls-key.pem': { kind: 'leaf key', of: 'api' },
      'tls-certificate.pem': { kind: 'leaf certificate', of: 'api' },
      'client-authority.pem': { kind: 'authority certificate', of: 'client' },
      'server-authority.pem': { kind: 'authority certificate', of: 'server' },
    },
  },
  {
    name: 'roles-secrets',
    owner: SERVICE,
    files: {
      'superuser-password': { kind: 'password', of: 'superuser' },
      'migrator-password': { kind: 'password', of: 'migrator' },
      'runtime-password': { kind: 'password', of: 'runtime' },
      'reader-password': { kind: 'password', of: 'reader' },
      'backup-password': { kind: 'password', of: 'backup' },
      'server-authority.pem': { kind: 'authority certificate', of: 'server' },
    },
  },
  {
    name: 'migrate-secrets',
    owner: SERVICE,
    files: {
      'migrator-password': { kind: 'password', of: 'migrator' },
      'server-authority.pem': { kind: 'authority certificate', of: 'server' },
    },
  },
  {
    name: 'edge-secrets',
    owner: EDGE,
    reader: {
      service: 'edge',
      files: ['tls-key.pem', 'tls-certificate.pem', 'client-key.pem', 'client-certificate.pem', 'server-authority.pem'],
      by: 'reload',
    },
    files: {
      'tls-key.pem': { kind: 'leaf key', of: 'edge' },
      'tls-certificate.pem': { kind: 'leaf certificate', of: 'edge' },
      // For people to trust; the edge itself has no use for it.
      'authority.pem': { kind: 'authority certificate', of: 'edge' },
      'client-key.pem': { kind: 'leaf key', of: 'edge client' },
      'client-certificate.pem': { kind: 'leaf certificate', of: 'edge client' },
      'server-authority.pem': { kind: 'authority certificate', of: 'server' },
    },
  },
  {
    name: 'postgres-secrets',
    owner: POSTGRES,
    // The password of the superuser is read when the data are made, and never again.
    reader: { service: 'postgres', files: ['tls-key.pem', 'tls-certificate.pem'], by: 'reload' },
    files: {
      'superuser-password': { kind: 'password', of: 'superuser' },
      'tls-key.pem': { kind: 'leaf key', of: 'postgres' },
      'tls-certificate.pem': { kind: 'leaf certificate', of: 'postgres' },
    },
  },
  {
    name: 'valkey-secrets',
    owner: VALKEY,
    // Its certificate it reads again by itself (docker/valkey/valkey.conf).
    reader: { service: 'valkey', files: ['users.acl'], by: 'restart' },
    files: {
      'users.acl': { kind: 'access list' },
      'health-password': { kind: 'password', of: 'shared store health' },
      'tls-key.pem': { kind: 'leaf key', of: 'valkey' },
      'tls-certificate.pem': { kind: 'leaf certificate', of: 'valkey' },
      'server-authority.pem': { kind: 'authority certificate', of: 'server' },
    },
  },
  {
    // It reads its certificate again when it changes.
    name: 'mail-secrets',
    owner: SERVICE,
    files: {
      'tls-key.pem': { kind: 'leaf key', of: 'mail' },
      'tls-certificate.pem': { kind: 'leaf certificate', of: 'mail' },
    },
  },
];
