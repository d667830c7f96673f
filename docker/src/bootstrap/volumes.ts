import { services, type StackService } from '../services.ts';
import type { AuthorityName } from './authorities.ts';
import type { LeafName } from './leaves.ts';

/** Roles of the database of a service. */
const databaseRoles = ['superuser', 'migrator', 'runtime', 'reader', 'backup'] as const;

/** Secret texts that two or more parties share: of the roles of the databases, and of the users of the shared store. */
export const passwordNames: readonly string[] = [
  ...services.flatMap(({ prefix }) => [...databaseRoles, 'shared store'].map((name) => `${prefix}${name}`)),
  'shared store health',
];

/** What a file holds. Several files may hold the same thing: the first whole one, in the order of the table, counts. */
export type FileContent =
  | { readonly kind: 'password'; readonly of: string }
  | { readonly kind: 'authority key' | 'authority certificate'; readonly of: AuthorityName }
  | { readonly kind: 'leaf key' | 'leaf certificate'; readonly of: LeafName }
  | { readonly kind: 'signing key'; readonly of: string }
  | { readonly kind: 'access list' };

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
      ...Object.fromEntries(services.flatMap(authorityPasswords)),
      'health-password': { kind: 'password', of: 'shared store health' },
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
  ...services.flatMap(serviceVolumes),
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

/** The passwords of a service, as the authority's volume keeps them. */
function authorityPasswords({ prefix }: StackService): readonly (readonly [file: string, content: FileContent])[] {
  return [
    ...databaseRoles.map((role) => [`${prefix}${role}-password`, password(`${prefix}${role}`)] as const),
    [`${prefix}valkey-password`, password(`${prefix}shared store`)],
  ];
}

/** What belongs to a service: its own secrets, those of its two jobs, and those of its database. */
function serviceVolumes(service: StackService): readonly Volume[] {
  const { prefix } = service;
  return [
    // It reads all of these again when they change.
    { name: `${service.name}-secrets`, owner: SERVICE, files: serviceFiles(service) },
    {
      name: `${prefix}roles-secrets`,
      owner: SERVICE,
      files: {
        ...Object.fromEntries(databaseRoles.map((role) => [`${role}-password`, password(`${prefix}${role}`)])),
        'server-authority.pem': { kind: 'authority certificate', of: 'server' },
      },
    },
    {
      name: `${prefix}migrate-secrets`,
      owner: SERVICE,
      files: {
        'migrator-password': password(`${prefix}migrator`),
        'server-authority.pem': { kind: 'authority certificate', of: 'server' },
      },
    },
    {
      name: `${prefix}postgres-secrets`,
      owner: POSTGRES,
      // The password of the superuser is read when the data are made, and never again.
      reader: { service: `${prefix}postgres`, files: ['tls-key.pem', 'tls-certificate.pem'], by: 'reload' },
      files: { 'superuser-password': password(`${prefix}superuser`), ...serverFiles(`${prefix}postgres`) },
    },
  ];
}

function serviceFiles({ name, prefix, issuesTokens, callsServices }: StackService): Volume['files'] {
  return {
    ...(issuesTokens ? { 'signing-key.pem': { kind: 'signing key', of: name } } : {}),
    'database-password': password(`${prefix}runtime`),
    'valkey-password': password(`${prefix}shared store`),
    ...serverFiles(name),
    ...(callsServices
      ? {
          'client-key.pem': { kind: 'leaf key', of: `${name} client` },
          'client-certificate.pem': { kind: 'leaf certificate', of: `${name} client` },
        }
      : {}),
    'client-authority.pem': { kind: 'authority certificate', of: 'client' },
    'server-authority.pem': { kind: 'authority certificate', of: 'server' },
  };
}

function serverFiles(leaf: LeafName): Volume['files'] {
  return {
    'tls-key.pem': { kind: 'leaf key', of: leaf },
    'tls-certificate.pem': { kind: 'leaf certificate', of: leaf },
  };
}

function password(of: string): FileContent {
  return { kind: 'password', of };
}
