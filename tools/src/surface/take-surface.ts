import type { RouteContract } from '@redoubt/server';

import { describeFields } from './describe-fields.ts';
import { describeRoute } from './describe-route.ts';
import type { ReadableService } from './readable-services.ts';
import type { Surface } from './surface.ts';

/** Reads the surface off a service that was built. `HEAD` stands with the `GET` that it repeats. */
export function takeSurface({ listeners }: Pick<ReadableService, 'listeners'>): Surface {
  const found = listeners.flatMap(({ name, server, rateLimits }) =>
    withoutRepeatedHead(server.routeContracts).map((contract) => ({ name, contract, rateLimits })),
  );
  return {
    routes: found.map(({ name, contract, rateLimits }) => describeRoute(name, contract, rateLimits)),
    fields: found.flatMap(({ contract: { method, url, schema } }) =>
      describeFields(schema).map(({ field, presence, bounds }) => ({
        route: `${method} ${url}`,
        field,
        presence,
        bounds,
      })),
    ),
  };
}

function withoutRepeatedHead(contracts: readonly RouteContract[]): readonly RouteContract[] {
  const read = new Map(contracts.filter(({ method }) => method === 'GET').map((contract) => [contract.url, contract]));
  return contracts.filter((contract) => {
    const get = contract.method === 'HEAD' ? read.get(contract.url) : undefined;
    return get === undefined || get.access !== contract.access || get.rateLimit !== contract.rateLimit;
  });
}
