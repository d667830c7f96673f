import { type ComposeFile, type ComposeService, isJob, networksOf } from './compose-file.ts';

/** A service that is not closed, or a network that is open: where, which rule, and what to write. */
export interface ComposeFault {
  readonly service: string;
  readonly rule: string;
  readonly message: string;
}

/** What differs between the stack and servers for tests. */
export interface ComposePolicy {
  /** The only service that may publish a port (SR-64); absent: each may, on the loopback. */
  readonly edge?: string;
  /** Services that start as root, with the capabilities that they need for what they are for. */
  readonly roots: Readonly<Record<string, readonly string[]>>;
  /** Mounts of the host that may be written to. */
  readonly writable?: readonly string[];
}

interface Rule {
  readonly id: string;
  readonly holds: (service: ComposeService, context: { name: string; policy: ComposePolicy }) => boolean;
  readonly message: string;
}

const rules: readonly Rule[] = [
  { id: 'SR-62 read-only', holds: ({ read_only }) => read_only === true, message: 'read_only: true' },
  {
    id: 'SR-62 capabilities',
    holds: (service, { name, policy }) =>
      String(service.cap_drop) === 'ALL' && String(service.cap_add ?? []) === String(policy.roots[name] ?? []),
    message: 'cap_drop: [ALL], and none added',
  },
  {
    id: 'SR-62 no new privileges',
    holds: ({ security_opt = [] }) => String(security_opt) === 'no-new-privileges:true',
    message: "security_opt: ['no-new-privileges:true'], and nothing that is unconfined",
  },
  {
    id: 'SR-62 processes',
    holds: ({ pids_limit }) => typeof pids_limit === 'number' && pids_limit >= 100 && pids_limit <= 256,
    message: 'pids_limit: 100 to 256',
  },
  {
    id: 'SR-62 memory and processor',
    holds: ({ mem_limit, cpus }) => mem_limit !== undefined && cpus !== undefined,
    message: 'mem_limit and cpus',
  },
  {
    id: 'SR-62 restart',
    holds: ({ restart }) => restart === 'on-failure:5' || restart === 'no',
    message: "restart: on-failure:5, or 'no' for a job",
  },
  {
    id: 'SR-62 temporary files',
    holds: ({ tmpfs = [] }) => tmpfs.every((mount) => /noexec,nosuid,nodev,size=\d+m/.test(mount)),
    message: 'tmpfs with noexec,nosuid,nodev,size=…m',
  },
  {
    id: 'SR-62 health',
    holds: (service) => isJob(service) || hasHealthCheck(service),
    message: 'a healthcheck, of its own or of its image',
  },
  {
    id: 'SR-61 user',
    holds: (service, { name, policy }) =>
      policy.roots[name] === undefined ? isClosedUser(service) : service.user === '0:0',
    message: "user: 'number:number', not root",
  },
  {
    id: 'SR-63 host',
    holds: (service) => HOST_KEYS.every((key) => service[key] === undefined) && service['network_mode'] !== 'host',
    message: 'nothing of the host: neither privileged, nor its namespaces, nor its devices',
  },
  {
    id: 'SR-63 mounts',
    holds: ({ volumes = [] }, { policy }) =>
      volumes.every((volume) => policy.writable?.some((each) => each === volume) === true || isClosedMount(volume)),
    message: 'files of the host read-only, and never the socket of the engine',
  },
  {
    id: 'SR-64 ports',
    holds: ({ ports = [] }, { name, policy }) =>
      ports.every((port) => isOnLoopback(port)) &&
      (policy.edge === undefined || policy.edge === name || ports.length === 0),
    message: 'no ports, but for the edge, on 127.0.0.1 unless somebody says otherwise',
  },
  {
    id: 'SR-65 secrets',
    holds: ({ environment = {}, env_file }) =>
      env_file === undefined &&
      !Array.isArray(environment) &&
      Object.entries(environment).every(([name, value]) => isNoSecret(name, value)),
    message: 'a reference to a file in place of the secret',
  },
];

/** Keys that hand a part of the host to the container. */
const HOST_KEYS = ['privileged', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup', 'devices', 'device_cgroup_rules'];

/** The image of the service says who it runs as and how it is asked whether it is well: `docker/Dockerfile`, target api. */
const OWN_TARGET = 'api';

/** Finds every service of a compose file that is less closed than SR-61 to SR-65 ask. */
export function judgeComposeFile(file: ComposeFile, policy: ComposePolicy): ComposeFault[] {
  const faults = Object.entries(file.services).flatMap(([name, service]) =>
    rules
      .filter(({ holds }) => !holds(service, { name, policy }))
      .map(({ id, message }) => ({ service: name, rule: id, message })),
  );
  return [...faults, ...(policy.edge === undefined ? [] : judgeNetworks(file, policy.edge))];
}

/** Only the edge may be on a network with a way out (SR-64). */
function judgeNetworks({ services, networks = {} }: ComposeFile, edge: string): ComposeFault[] {
  return Object.entries(services)
    .filter(([name]) => name !== edge)
    .filter(([, service]) => service['network_mode'] !== 'none')
    .filter(([, service]) => {
      const names = networksOf(service);
      return names.length === 0 || names.some((name) => networks[name]?.internal !== true);
    })
    .map(([service]) => ({ service, rule: 'SR-64 networks', message: 'networks that are internal' }));
}

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
  const [source = '', , mode = ''] = volume.split(':');
  const isOfHost = source.startsWith('.') || source.startsWith('/');
  return !isOfHost || mode === 'ro';
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
