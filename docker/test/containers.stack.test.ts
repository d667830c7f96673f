import { beforeAll, describe, expect, it } from 'vitest';

import { API_IMAGE, compose, containersOf, docker, execIn, PROJECT, succeeded } from './support/stack.ts';

/** Services that stay, with what each of them can look around with. */
const services = ['api', 'edge', 'mail', 'postgres', 'valkey'] as const;
type Service = (typeof services)[number];

/** What the kernel says of the first process of a container. */
type ProcessStatus = ReadonlyMap<string, string>;

describe.each(services)('the container of %s', (service) => {
  let status: ProcessStatus;
  beforeAll(async () => {
    status = parseStatus(await readFileIn(service, '/proc/1/status'));
  });

  it('SR-61, SR-62: runs as a user without any capability, behind a filter of system calls', () => {
    expect(status.get('Uid')?.split('\t').map(Number)).not.toContain(0);
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      expect(Number(`0x${status.get(set)}`)).toBe(0);
    expect(status.get('NoNewPrivs')).toBe('1');
    expect(status.get('Seccomp')).toBe('2');
  });

  it('SR-62: cannot write to its root file system', async () => {
    const [container = ''] = await containersOf(service);
    const mounts = (await readFileIn(service, '/proc/1/mounts')).split('\n').map((line) => line.split(' '));
    const root = mounts.find(([, path]) => path === '/');
    expect(root?.[3]?.split(',')).toContain('ro');
    // Whatever can be written to cannot be run, but for the data of PostgreSQL, on its volume.
    const writable = mounts.filter(
      ([, path = '', type, flags = '']) => isOfContainer(path, type) && flags.startsWith('rw'),
    );
    const open = writable.filter(([, , , flags = '']) => !flags.split(',').includes('noexec')).map(([, path]) => path);
    expect(open).toEqual(service === 'postgres' ? ['/var/lib/postgresql'] : []);
    expect((await inspect(container)).HostConfig.ReadonlyRootfs).toBe(true);
  });

  it('SR-62: has bounds of processes, memory and processor time', async () => {
    const [container = ''] = await containersOf(service);
    const { PidsLimit, Memory, NanoCpus } = (await inspect(container)).HostConfig;
    expect(Math.min(PidsLimit, Memory, NanoCpus)).toBeGreaterThan(0);
  });

  it('SR-62, SR-63: has no file of the host, and no file of its own configuration that it may write', async () => {
    const [container = ''] = await containersOf(service);
    const mounts = (await inspect(container)).Mounts;
    expect(mounts.filter(({ Type }) => Type !== 'volume')).toEqual([]);
    const open = mounts.filter(({ RW, Destination }) => RW && Destination !== '/var/lib/postgresql');
    expect(open).toEqual([]);
  });

  it('SR-51, SR-65: tells whoever inspects it no secret', async () => {
    const [container = ''] = await containersOf(service);
    const told = JSON.stringify(await inspect(container));
    const secrets = await secretsOf(service);
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(told.includes(secret)).toBe(false);
  });
});

describe('the networks', () => {
  it.each(['api', 'mail', 'postgres', 'valkey'] as const)('SR-64: let %s reach nothing outside', async (service) => {
    const [container = ''] = await containersOf(service);
    // Out of a namespace of the same networks: the container itself need not have a program to try with.
    const attempt =
      "require('node:net').connect(443,'1.1.1.1').on('connect',()=>process.exit(9)).on('error',(e)=>{console.log(e.code)})";
    const out = await inNetworkOf(container, attempt);
    expect(out.code).toBe(0);
    expect(out.stdout.trim()).toBe('ENETUNREACH');
  });

  it.each([
    ['postgres', 5432],
    ['valkey', 6379],
    ['mail', 465],
  ])('SR-64: keep %s from the edge', async (service, port) => {
    const [edge = ''] = await containersOf('edge');
    const address = await addressOn(service, 'data');
    const attempt = `const s=require('node:net').connect(${port},'${address}').on('connect',()=>process.exit(9)).on('error',(e)=>console.log(e.code));s.setTimeout(2000,()=>s.destroy(Object.assign(new Error(),{code:'ETIMEDOUT'})))`;
    const { code, stdout } = await inNetworkOf(edge, attempt);
    expect(code).toBe(0);
    expect(stdout.trim()).toMatch(/^(ENETUNREACH|EHOSTUNREACH|ETIMEDOUT)$/);
  });

  it('SR-64: publish the two ports of the edge, on the loopback, and no other', async () => {
    for (const service of services) {
      const [container = ''] = await containersOf(service);
      const ports = Object.values((await inspect(container)).NetworkSettings.Ports).flatMap(
        (bindings) => bindings ?? [],
      );
      expect(ports.map(({ HostIp }) => HostIp)).toEqual(service === 'edge' ? ['127.0.0.1', '127.0.0.1'] : []);
    }
  });
});

describe('the stack as a whole', () => {
  it('SR-53: has no error that its own self-check finds', async () => {
    const { code, stdout } = await compose('run', '--rm', '--no-deps', '-T', 'api', 'doctor', '--json');
    const report = JSON.parse(stdout) as { findings: readonly { id: string; severity: string }[] };
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(code).toBe(0);
  });

  it('keeps what it has when it is started again', async () => {
    const before = await readFileIn('edge', '/run/secrets/tls-certificate.pem');
    succeeded(await compose('up', '--detach', '--wait', '--wait-timeout', '120'));
    expect(await readFileIn('edge', '/run/secrets/tls-certificate.pem')).toBe(before);
  });
});

interface Inspection {
  readonly Mounts: readonly { readonly Type: string; readonly Destination: string; readonly RW: boolean }[];
  readonly HostConfig: { ReadonlyRootfs: boolean; PidsLimit: number; Memory: number; NanoCpus: number };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string }[] | null>>;
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
  };
}

async function inspect(container: string): Promise<Inspection> {
  const [found] = JSON.parse(succeeded(await docker('inspect', container)).stdout) as readonly Inspection[];
  if (found === undefined) throw new Error('no such container');
  return found;
}

/** Of a volume that only this service has: passwords, and the bodies of keys. */
async function secretsOf(service: Service): Promise<string[]> {
  const names = (await listIn(service, '/run/secrets')).filter((name) => /password|key/.test(name));
  const texts = await Promise.all(names.map((name) => readFileIn(service, `/run/secrets/${name}`)));
  // A key by its lines: where it is told, their ends may be written in another way.
  return texts.flatMap((text) => text.split('\n')).filter((line) => line.length >= 32 && !line.startsWith('-----'));
}

async function addressOn(service: string, network: string): Promise<string> {
  const [container = ''] = await containersOf(service);
  const address = (await inspect(container)).NetworkSettings.Networks[`${PROJECT}_${network}`]?.IPAddress;
  if (address === undefined || address === '') throw new Error(`${service} has no address on ${network}`);
  return address;
}

/** Runs a line of JavaScript in the network namespace of a container. */
function inNetworkOf(container: string, script: string) {
  return docker(
    'run',
    '--rm',
    '--network',
    `container:${container}`,
    '--entrypoint',
    '/app/node',
    API_IMAGE,
    '-e',
    script,
  );
}

async function readFileIn(service: Service, path: string): Promise<string> {
  return succeeded(
    await execIn(service, ...reader(service, `process.stdout.write(fs.readFileSync('${path}'))`, ['cat', path])),
  ).stdout;
}

async function listIn(service: Service, path: string): Promise<string[]> {
  const list = reader(service, `console.log(fs.readdirSync('${path}').join('\\n'))`, ['ls', path]);
  return succeeded(await execIn(service, ...list))
    .stdout.split('\n')
    .filter((name) => name !== '');
}

/** Images without a shell have Node, without the flags that the service has. */
function reader(service: Service, script: string, command: readonly string[]): readonly string[] {
  const isOwn = service === 'api' || service === 'mail';
  return isOwn ? ['/app/node', '-e', `const fs = require('node:fs'); ${script}`] : command;
}

function parseStatus(text: string): ProcessStatus {
  return new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}

/** Leaves out what the kernel itself mounts into every container. */
function isOfContainer(path: string, type: string | undefined): boolean {
  return !/^\/(proc|sys|dev)(\/|$)/.test(path) && type !== 'proc' && type !== 'sysfs';
}
