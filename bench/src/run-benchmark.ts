import { rm } from 'node:fs/promises';

import type { Work } from './contract/work.ts';
import { largePost, limitedGet, order, publicGet, signedInGet, validatedPost } from './contract/works.ts';
import { assertSameWork } from './equality.ts';
import { readServers } from '@redoubt/testing/contracts/servers';
import { describeMachine } from './machine/describe-machine.ts';
import { startEdge } from './machine/edge.ts';
import { createMaterial, issueTokens, type Material, toBackingServer } from './machine/material.ts';
import { createOrdersDatabase } from './machine/orders-database.ts';
import { residentMebibytes } from './machine/process-figures.ts';
import { ServiceProcess } from './machine/service-process.ts';
import { measureCallers } from './measure/callers.ts';
import { measureDirect } from './measure/direct.ts';
import { measureExampleService } from './measure/example-service.ts';
import { growConnections, growRoutes } from './measure/growth.ts';
import { runRounds, type RoundOptions } from './measure/rounds.ts';
import { measureStartUp } from './measure/start-up.ts';
import { sumUp } from './measure/work-figures.ts';
import type { Results, WorkFigures } from './results.ts';
import { type Variant, type VariantId, variantOf, variants } from './variants.ts';

/** How long a run takes: rounds for the main works, for those with few variants, and what grows. */
export interface Plan {
  readonly rounds: number;
  readonly growthRounds: number;
  readonly callers: readonly number[];
  readonly variants: readonly VariantId[];
  /** Passwords that are checked at once. */
  readonly signIns: number;
}

export const fullPlan: Plan = {
  rounds: 10,
  growthRounds: 3,
  callers: [10_000, 100_000, 1_000_000, 10_000_000],
  variants: variants.map(({ id }) => id),
  signIns: 100,
};
export const quickPlan: Plan = {
  rounds: 2,
  growthRounds: 1,
  callers: [10_000, 100_000],
  variants: ['node', 'fastify', 'hardened', 'express'],
  signIns: 20,
};

const SECONDS = 1;
const BASE = 'fastify';
const PAIR: readonly VariantId[] = [BASE, 'hardened'];

/** Runs everything, one measurement after the other, and says on the way what it does. */
export async function runBenchmark(plan: Plan): Promise<Results> {
  const material = await prepareMaterial();
  const options: RoundOptions = { rounds: plan.rounds, seconds: SECONDS, directory: material.directory };
  const growth = { ...options, rounds: plan.growthRounds };
  say('start-up');
  const pair = PAIR.map(variantOf);
  const startUp = await measureStartUp(pair, { material, rounds: plan.rounds });
  const present = variants.filter(({ id }) => plan.variants.includes(id));
  const services = await startAll(present, material);
  try {
    const rest = await residentOf(services);
    const works = await measureWorks(services, material, options);
    const loaded = await residentOf(services);
    say('connections');
    const connections = await growConnections(find(services, 'hardened'), growth);
    await Promise.all(services.splice(0).map((service) => service.stop()));
    say('routes');
    const routes = await growRoutes(material, growth);
    say('without sockets');
    const tokens = await issueTokens(material);
    const worksOf = (variant: Variant): Work[] => coreWorks(tokens, variant);
    const alone = present.filter(
      ({ sharedStore, busyMicroseconds }) => (sharedStore ?? busyMicroseconds) === undefined,
    );
    const direct = await measureDirect(alone, worksOf, { material, rounds: plan.rounds });
    say('callers');
    const callers = await measureCallers(plan.callers);
    say('the example service');
    const service = await measureExampleService({
      seconds: SECONDS * 2,
      directory: material.directory,
      signIns: plan.signIns,
    });
    const memory = Object.fromEntries(
      present.map(({ id }) => [id, { rest: rest.get(id) ?? Number.NaN, loaded: loaded.get(id) ?? Number.NaN }]),
    );
    const { rounds } = plan;
    const found = { works, direct, startUp, memory, connections, routes, callers, service };
    return { when: new Date().toISOString(), rounds, seconds: SECONDS, machine: describeMachine(), ...found };
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await rm(material.directory, { recursive: true });
  }
}

async function prepareMaterial(): Promise<Material> {
  const material = await createMaterial();
  const { valkey } = readServers();
  const database = await toBackingServer(material, 'database', await createOrdersDatabase());
  return { ...material, database, sharedStore: await toBackingServer(material, 'store', valkey) };
}

/** Starts all variants, and holds each to the work before anything is measured. */
async function startAll(present: readonly Variant[], material: Material): Promise<ServiceProcess[]> {
  const tokens = await issueTokens(material);
  const services: ServiceProcess[] = [];
  for (const variant of present) {
    const service = await ServiceProcess.start(variant, material);
    services.push(service);
    const { own, peer } = tokens;
    const works = [...coreWorks(tokens, variant), largePost];
    await assertSameWork(service, works, isOwn(variant) ? own : peer);
  }
  return services;
}

async function measureWorks(
  services: readonly ServiceProcess[],
  material: Material,
  options: RoundOptions,
): Promise<Record<string, WorkFigures>> {
  const works: Record<string, WorkFigures> = {};
  const measure = async (name: string, of: readonly ServiceProcess[], workOf: (variant: Variant) => Work) => {
    say(name);
    const contenders = of.map((service) => ({ id: service.variant.id, service, work: workOf(service.variant) }));
    works[name] = sumUp(await runRounds(contenders, options), BASE);
  };
  const pair = PAIR.map((id) => find(services, id));
  // Tokens live ten minutes: each work has fresh ones.
  for (const index of [0, 1, 2]) {
    const tokens = await issueTokens(material);
    const workOf = (variant: Variant): Work => coreWorks(tokens, variant)[index] ?? publicGet;
    // What a microsecond is worth, one work says for all.
    const of = index === 0 ? services : services.filter(({ variant }) => variant.busyMicroseconds === undefined);
    await measure(workOf(variantOf(BASE)).name, of, workOf);
  }
  await measure('429', pair, () => limitedGet);
  await measure('64 KiB body', pair, () => largePost);
  const { own, peer } = await issueTokens(material);
  await measure('idempotent POST', pair, (variant) => order(isOwn(variant) ? own : peer));
  works['public GET through nginx'] = await throughEdge(pair, publicGet, options);
  const anew: Work = { ...publicGet, name: 'new connections', headers: { ...publicGet.headers, Connection: 'close' } };
  works['public GET through nginx, new connections'] = await throughEdge(pair, anew, options);
  return works;
}

async function throughEdge(
  services: readonly ServiceProcess[],
  work: Work,
  options: RoundOptions,
): Promise<WorkFigures> {
  say(`through nginx: ${work.name}`);
  const edges = await Promise.all(services.map((service) => startEdge(service, options.directory)));
  try {
    const contenders = services.map((service, index) => {
      const { origin = '' } = edges[index] ?? {};
      return { id: service.variant.id, service, work, origin };
    });
    return sumUp(await runRounds(contenders, options), BASE);
  } finally {
    await Promise.all(edges.map((edge) => edge.stop()));
  }
}

function coreWorks({ own, peer }: { own: string; peer: string }, variant: Variant): Work[] {
  return [publicGet, signedInGet(isOwn(variant) ? own : peer), validatedPost];
}

function isOwn({ id }: Variant): boolean {
  return id.startsWith('hardened');
}

async function residentOf(services: readonly ServiceProcess[]): Promise<Map<string, number>> {
  const entries = services.map(async ({ variant, pid }) => [variant.id, await residentMebibytes(pid)] as const);
  return new Map(await Promise.all(entries));
}

function find(services: readonly ServiceProcess[], id: VariantId): ServiceProcess {
  const found = services.find(({ variant }) => variant.id === id);
  if (found === undefined) throw new RangeError(`${id} does not run`);
  return found;
}

function say(what: string): void {
  console.error(`bench: ${what}`);
}
