/** What Linux tells of a process in `/proc`. What it does not tell is `undefined`. */
export interface LinuxStatus {
  /** How many capabilities it holds, but for the one that binds low ports. */
  readonly capabilityCount: number | undefined;
  /** Whether no program that it starts can gain rights (`no_new_privs`). */
  readonly hasNoNewPrivileges: boolean | undefined;
  /** Whether system calls are filtered. */
  readonly hasSeccompFilter: boolean | undefined;
}

/** `CAP_NET_BIND_SERVICE` of capabilities(7): harmless, and given to let a service have port 443. */
const NET_BIND_SERVICE = 1n << 10n;

/** Filtering, as proc(5) numbers it; 1 is strict mode, in which no service runs. */
const SECCOMP_FILTER = '2';

/** Reads `/proc/self/status` (proc_pid_status(5)). */
export function parseStatus(text: string): LinuxStatus {
  const noNewPrivileges = fieldOf(text, 'NoNewPrivs');
  const seccomp = fieldOf(text, 'Seccomp');
  return {
    capabilityCount: countCapabilities([fieldOf(text, 'CapPrm'), fieldOf(text, 'CapEff')]),
    hasNoNewPrivileges: noNewPrivileges === undefined ? undefined : noNewPrivileges === '1',
    hasSeccompFilter: seccomp === undefined ? undefined : seccomp === SECCOMP_FILTER,
  };
}

/** Of `/proc/self/limits`: soft limits, which are the ones in force. */
export interface ProcessLimits {
  readonly canDumpCore: boolean | undefined;
  readonly openFilesMax: number | undefined;
}

/** Reads `/proc/self/limits` (proc_pid_limits(5)). */
export function parseLimits(text: string): ProcessLimits {
  const core = softLimitOf(text, 'Max core file size');
  return { canDumpCore: core === undefined ? undefined : core > 0, openFilesMax: softLimitOf(text, 'Max open files') };
}

/** Whether the root file system is mounted for writing, by `/proc/self/mountinfo` (proc_pid_mountinfo(5)). */
export function isRootWritable(text: string): boolean | undefined {
  // Of several mounts on one point the last is the one that is seen.
  const fields = text
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, , , , mountPoint]) => mountPoint === '/');
  if (fields === undefined) return undefined;
  const [, , , , , mountOptions = '', ...others] = fields;
  return !mountOptions.split(',').includes('ro') && !(others.at(-1) ?? '').split(',').includes('ro');
}

/** Whether the root of this process is another user outside its user namespace, by `/proc/self/uid_map`. */
export function isRootMapped(text: string): boolean | undefined {
  const [, outside] = /^\s*0\s+(\d+)\s+\d+/m.exec(text) ?? [];
  return outside === undefined ? undefined : outside !== '0';
}

function fieldOf(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(\\w+)$`, 'm').exec(text)?.[1];
}

function countCapabilities(masks: readonly (string | undefined)[]): number | undefined {
  const known = masks.filter((mask) => mask !== undefined);
  if (known.length === 0) return undefined;
  const held = known.reduce((all, mask) => all | BigInt(`0x${mask}`), 0n) & ~NET_BIND_SERVICE;
  return held.toString(2).replaceAll('0', '').length;
}

function softLimitOf(text: string, name: string): number | undefined {
  const [, soft] = new RegExp(`^${name}\\s+(\\d+|unlimited)\\s`, 'm').exec(text) ?? [];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}
