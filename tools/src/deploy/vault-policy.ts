import { isWildcard, type PolicyFault, type PolicyFile } from './policy-fault.ts';

/** A policy of Vault or OpenBao in its JSON form. */
export interface VaultPolicy {
  readonly path: Readonly<Record<string, { readonly capabilities: readonly string[] }>>;
}

/** What a token needs to look after itself and its leases, and with which right; it reaches nobody else's. */
const OWN_PATHS: ReadonlyMap<string, string> = new Map([
  ['auth/token/lookup-self', 'read'],
  ['auth/token/renew-self', 'update'],
  ['auth/token/revoke-self', 'update'],
  ['sys/leases/renew', 'update'],
]);

/** KV of version 2: the value of one secret. Its `delete`, `destroy` and `metadata` paths are others, and granted to nobody. */
const SECRET_PATH = /^secret\/data\/redoubt-api\/([\w-]+)$/;

/** Credentials that the database engine makes for a role. */
const CREDENTIALS_PATH = /^database\/creds\/([\w-]+)$/;

/** A policy of Vault with what its workload may have. */
interface VaultPolicyFile extends PolicyFile<VaultPolicy> {
  /** Roles of the database engine whose credentials the workload's settings take. */
  readonly credentials: readonly string[];
}

/** Faults of what a token may do (SR-71): read exact secrets and credentials of its own role, and look after itself. */
export function findVaultPolicyFaults(policy: VaultPolicyFile): readonly PolicyFault[] {
  return Object.entries(policy.document.path).flatMap(([place, { capabilities }]) =>
    [...pathFaults(place, policy), ...capabilityFaults(place, capabilities)].map((message) => ({
      file: policy.file,
      place,
      message,
    })),
  );
}

function pathFaults(path: string, { secrets, credentials }: VaultPolicyFile): readonly string[] {
  if (isWildcard(path) || path.includes('+')) return ['is a pattern: name each path'];
  const role = CREDENTIALS_PATH.exec(path)?.[1];
  if (OWN_PATHS.has(path) || (role !== undefined && credentials.includes(role))) return [];
  const secret = SECRET_PATH.exec(path)?.[1];
  if (secret === undefined) return ['is neither a secret or role of this workload nor a path of the token itself'];
  return secrets.includes(secret) ? [] : [`names the secret ${secret}, which no setting of this workload names`];
}

function capabilityFaults(path: string, capabilities: readonly string[]): readonly string[] {
  const fitting = OWN_PATHS.get(path) ?? 'read';
  return capabilities.join() === fitting ? [] : [`grants ${capabilities.join(', ')}: ${fitting} is enough`];
}

/** A role of a sign-in method: the bounds of the tokens that it gives. */
export type VaultRole = Readonly<Record<string, unknown>>;

/** Longest life of a token between two renewals: an hour is what a stolen one would be worth. */
const MAX_TTL_MINUTES = 60;

/** Faults of who may sign in, and of the tokens that come out. */
export function findVaultRoleFaults(file: string, role: VaultRole): readonly PolicyFault[] {
  const bounds = [
    'bound_service_account_names',
    'bound_service_account_namespaces',
    'secret_id_bound_cidrs',
    'token_bound_cidrs',
  ];
  const faults = [
    ...(bounds.some((name) => Object.hasOwn(role, name)) ? [] : ['binds nobody: name service accounts or addresses']),
    ...bounds.filter((name) => namesOf(role[name]).some(isWildcard)).map((name) => `${name} is a pattern: name each`),
    ...('bound_service_account_names' in role && typeof role['audience'] !== 'string' ? ['demands no audience'] : []),
    ...(role['token_no_default_policy'] === true ? [] : ['adds the default policy: set token_no_default_policy']),
    ...(minutesOf(role['token_ttl']) <= MAX_TTL_MINUTES
      ? []
      : [`gives tokens for more than ${MAX_TTL_MINUTES} minutes`]),
    ...(namesOf(role['token_policies']).length === 1 ? [] : ['gives other policies than the one of its workload']),
  ];
  return faults.map((message) => ({ file, place: 'role', message }));
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function minutesOf(duration: unknown): number {
  const [, amount, unit] = /^(\d+)([mh])$/.exec(String(duration)) ?? [];
  if (amount === undefined) return Number.POSITIVE_INFINITY;
  return Number(amount) * (unit === 'h' ? 60 : 1);
}
