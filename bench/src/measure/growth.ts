import { setTimeout as pause } from 'node:timers/promises';

import { publicGet } from '../contract/works.ts';
import type { Material } from '../machine/material.ts';
import { ServiceProcess } from '../machine/service-process.ts';
import type { GrowthStep } from '../results.ts';
import { quantileOf, ratioSpread } from '../statistics.ts';
import { variantOf } from '../variants.ts';
import { runRounds, type RoundOptions, type Sample } from './rounds.ts';

/** A service that has just started measures a lag of its own, and sheds for a second. */
const SETTLE_MS = 2500;

const CONNECTIONS = [1, 10, 64, 100, 1000];
const ROUTES = [1, 10, 100, 1000];

/** How the service does with more connections, as ratios to 64. */
export async function growConnections(service: ServiceProcess, options: RoundOptions): Promise<GrowthStep[]> {
  const contenders = CONNECTIONS.map((connections) => ({
    id: String(connections),
    work: publicGet,
    service,
    connections,
  }));
  return toSteps(CONNECTIONS, await runRounds(contenders, options), '64');
}

/** How the service does with more routes, as ratios to one. */
export async function growRoutes(material: Material, options: RoundOptions): Promise<GrowthStep[]> {
  const services: ServiceProcess[] = [];
  try {
    for (const routes of ROUTES) services.push(await ServiceProcess.start(variantOf('hardened'), material, { routes }));
    await pause(SETTLE_MS);
    const contenders = services.map((service, index) => ({ id: String(ROUTES[index]), work: publicGet, service }));
    return toSteps(ROUTES, await runRounds(contenders, options), '1');
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }
}

function toSteps(
  sizes: readonly number[],
  samples: ReadonlyMap<string, readonly Sample[]>,
  baseId: string,
): GrowthStep[] {
  const rates = (id: string): number[] => (samples.get(id) ?? []).map(({ requestsPerSecond }) => requestsPerSecond);
  return sizes.map((size) => ({
    size,
    requestsPerSecond: quantileOf(rates(String(size)), 0.5),
    p99Ms: quantileOf(
      (samples.get(String(size)) ?? []).map(({ p99Ms }) => p99Ms),
      0.5,
    ),
    ratio: ratioSpread(rates(String(size)), rates(baseId)),
  }));
}
