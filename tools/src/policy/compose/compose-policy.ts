import { type ComposeService, isJob, networksOf } from '../read/compose-file.ts';

/** What differs between the stack and servers for tests. */
export interface ComposePolicy {
  /** The only services that may publish a port and be on a network with a way out (SR-64); absent: each may publish on the loopback. */
  readonly edges?: readonly string[];
  /** Services that start as root, with the capabilities that they need for what they are for. */
  readonly roots: Readonly<Record<string, readonly string[]>>;
  /** Mounts of the host that may be written to. */
  readonly writable?: readonly string[];
}

/** A service in its file. */
interface ServiceContext {
  readonly name: string;
  readonly policy: ComposePolicy;
  /** Names of the networks of the file that have no way out. */
  readonly internal: ReadonlySet<string>;
}

/** What one service has to be. */
export interface ServiceRule {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly reason: string;
  readonly fix: string;
  /** The keys that the rule reads: the first that is there is where a fault is told. */
  readonly keys: readonly string[];
  readonly holds: (service: ComposeService, context: ServiceContext) => boolean;
}

/** Keys that hand a part of the host to the container. */
const HOST_KEYS = ['privileged', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup', 'devices', 'device_cgroup_rules'];

/** The image of the service says who it runs as and how it is asked whether it is well: `docker/Dockerfile`, target service. */
const OWN_TARGET = 'service';

/** What each service of a compose file has to be (SR-61 to SR-65). */
export const serviceRules: readonly ServiceRule[] = [
  {
    id: 'P-502',
    requirement: 'SR-62',
    title: 'The root file system of a service cannot be written',
    reason: 'What an attacker brings along would stay until the container is made again.',
    fix: 'write `read_only: true`, and tmpfs for what has to be written',
    keys: ['read_only'],
    holds: ({ read_only }) => read_only === true,
  },
  {
    id: 'P-503',
    requirement: 'SR-62',
    title: 'A service has no capability',
    reason: 'Docker gives fourteen by default, among them raw sockets and changing owners.',
    fix: 'write `cap_drop: [ALL]` and no cap_add; a job that has to start as root is listed in compose-files.ts',
    keys: ['cap_add', 'cap_drop'],
    holds: (service, { name, policy }) =>
      String(service.cap_drop) === 'ALL' && String(service.cap_add ?? []) === String(policy.roots[name] ?? []),
  },
  {
    id: 'P-504',
    requirement: 'SR-62',
    title: 'No process gains rights, and none is without the filter of system calls',
    reason: 'A setuid program of the image would make root of anybody.',
    fix: "write `security_opt: ['no-new-privileges:true']` and nothing beside it",
    keys: ['security_opt'],
    holds: ({ security_opt = [] }) => String(security_opt) === 'no-new-privileges:true',
  },
  {
    id: 'P-505',
    requirement: 'SR-62',
    title: 'A service has 100 to 256 processes at most',
    reason: 'One fork bomb stops the machine.',
    fix: 'write `pids_limit: 100`, up to 256',
    keys: ['pids_limit'],
    holds: ({ pids_limit }) => typeof pids_limit === 'number' && pids_limit >= 100 && pids_limit <= 256,
  },
  {
    id: 'P-506',
    requirement: 'SR-62',
    title: 'A service has a limit of memory and of processor time',
    reason: 'One request that costs too much takes the neighbours along.',
    fix: 'write `mem_limit` and `cpus`',
    keys: ['mem_limit', 'cpus'],
    holds: ({ mem_limit, cpus }) => mem_limit !== undefined && cpus !== undefined,
  },
  {
    id: 'P-507',
    requirement: 'SR-62',
    title: 'A service that fails is started again five times',
    reason: 'Without an end, a service that cannot start fills disk and log for ever.',
    fix: "write `restart: on-failure:5`, or `restart: 'no'` for a job",
    keys: ['restart'],
    holds: ({ restart }) => restart === 'on-failure:5' || restart === 'no',
  },
  {
    id: 'P-508',
    requirement: 'SR-62',
    title: 'What can be written cannot be run, and has a size',
    reason: 'A folder for temporary files is where a download is put and started.',
    fix: 'write tmpfs with `noexec,nosuid,nodev,size=16m`',
    keys: ['tmpfs'],
    holds: ({ tmpfs = [] }) => tmpfs.every((mount) => /noexec,nosuid,nodev,size=\d+m/.test(mount)),
  },
  {
    id: 'P-509',
    requirement: 'SR-61',
    title: 'A service is asked whether it is well',
    reason: 'A process that hangs is alive for the engine, and what depends on it starts too early.',
    fix: 'write a healthcheck, or have one in the image',
    keys: ['healthcheck'],
    holds: (service) => isJob(service) || hasHealthCheck(service),
  },
  {
    id: 'P-510',
    requirement: 'SR-61',
    title: 'A service runs as a user of a number, not root',
    reason: 'Root inside is root outside once a way out is found; a name means what the image says today.',
    fix: "write `user: '999:999'`; a job that has to start as root is listed in compose-files.ts",
    keys: ['user'],
    holds: (service, { name, policy }) =>
      policy.roots[name] === undefined ? isClosedUser(service) : service.user === '0:0',
  },
  {
    id: 'P-511',
    requirement: 'SR-63',
    title: 'A service has no part of the host',
    reason: 'Each of these namespaces and devices is a way out of the container.',
    fix: 'take it out',
    keys: [...HOST_KEYS, 'network_mode'],
    holds: (service) => HOST_KEYS.every((key) => service[key] === undefined) && service['network_mode'] !== 'host',
  },
  {
    id: 'P-512',
    requirement: 'SR-63',
    title: 'Files of the host are read-only, and the socket of the engine is none of them',
    reason: 'Who reaches the socket starts a container with the whole machine in it.',
    fix: 'write `./file:/file:ro`',
    keys: ['volumes'],
    holds: ({ volumes = [] }, { policy }) =>
      volumes.every((volume) => policy.writable?.some((each) => each === volume) === true || isClosedMount(volume)),
  },
  {
    id: 'P-513',
    requirement: 'SR-64',
    title: 'The edge alone has ports, on the loopback unless somebody says otherwise',
    reason: 'Docker opens a published port past the firewall of the machine.',
    fix: 'take the port out, or write `127.0.0.1:8443:8443` on the edge',
    keys: ['ports'],
    holds: ({ ports = [] }, { name, policy }) =>
      ports.every((port) => isOnLoopback(port)) &&
      (policy.edges === undefined || policy.edges.includes(name) || ports.length === 0),
  },
  {
    id: 'P-514',
    requirement: 'SR-65',
    title: 'No secret is in the environment',
    reason: 'It is in `docker inspect`, in the crash report and in every child process.',
    fix: 'write a reference to a file in place of the secret: `file:///run/secrets/name`',
    keys: ['env_file', 'environment'],
    holds: ({ environment = {}, env_file }) =>
      env_file === undefined &&
      !Array.isArray(environment) &&
      Object.entries(environment).every(([name, value]) => isNoSecret(name, value)),
  },
  {
    id: 'P-515',
    requirement: 'SR-64',
    title: 'The edge alone is on a network with a way out',
    reason: 'What is stolen inside has nowhere to go, and what is brought in comes from nowhere.',
    fix: 'write `networks:` with networks that are `internal: true`, or `network_mode: none`',
    keys: ['networks'],
    holds: (service, { name, policy, internal }) => {
      if (policy.edges === undefined || policy.edges.includes(name) || service['network_mode'] === 'none') return true;
      const names = networksOf(service);
      return names.length > 0 && names.every((network) => internal.has(network));
    },
  },
  {
    id: 'P-516',
    requirement: 'SR-63',
    title: 'A stack mounts no file of the host',
    reason: 'Owner, modes and label would be those of the clone: what one user may read, a container may not.',
    fix: 'copy the file into an image, or have the bootstrap write it into a volume',
    keys: ['volumes'],
    holds: ({ volumes = [] }, { policy }) => policy.edges === undefined || !volumes.some((volume) => isOfHost(volume)),
  },
];

function hasHealthCheck(service: ComposeService): boolean {
  return service['healthcheck'] !== undefined || targetOf(service) === OWN_TARGET;
}

function isClosedUser({ user = '' }: ComposeService): boolean {
  return /^[1-9]\d*:[1-9]\d*$/.test(user);
}

function targetOf({ build }: ComposeService): unknown {
  return typeof build === 'object' && build !== null && 'target' in build ? build.target : undefined;
}

function isClosedMount(volume: unknown): boolean {
  if (typeof volume !== 'string' || volume.includes('docker.sock')) return false;
  return !isOfHost(volume) || volume.split(':')[2] === 'ro';
}

/** Whatever is not plainly the name of a volume. */
function isOfHost(volume: unknown): boolean {
  return typeof volume !== 'string' || /^[./~$]/.test(volume);
}

function isOnLoopback(port: unknown): boolean {
  return typeof port === 'string' && /^(127\.0\.0\.1|\$\{[A-Z_]+:-127\.0\.0\.1\}):/.test(port);
}

/** A name that sounds like a secret has a reference, or a path, as its value; an address has no password in it. */
function isNoSecret(name: string, value: unknown): boolean {
  if (/:\/\/[^/@\s]*:[^/@\s]+@/.test(String(value))) return false;
  if (!/(^|_)(PASSWORD|SECRET|TOKEN|KEY|CREDENTIALS?)(_|$)/.test(name) || name === 'TOKEN_AUDIENCE') return true;
  return /^(file:\/\/)?\/run\/secrets?\/[a-z.-]+$/.test(String(value));
}
