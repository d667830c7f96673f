import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A route of the service, as a client asks for it. */
export interface ApiRoute {
  readonly method: string;
  readonly path: string;
}

/** In the place of every parameter: well-formed, and nobody's. */
const NOBODY = '00000000-0000-4000-8000-000000000000';

const snapshot = readFileSync(join(import.meta.dirname, '../../../../apps/api/test/access.snapshot.md'), 'utf8');

/** Every route, from the table that the service's own tests hold it to. */
export const apiRoutes: readonly ApiRoute[] = [
  ...new Map(
    [...snapshot.matchAll(/^([A-Z]+) (\/\S*)/gm)].map(([route, method = '', pattern = '']) => [
      route,
      { method, path: pattern.replaceAll(/:\w+/g, NOBODY) },
    ]),
  ).values(),
];

/** The methods of each path, sorted; `OPTIONS` is not among them. */
export const methodsByPath: ReadonlyMap<string, readonly string[]> = new Map(
  [...Map.groupBy(apiRoutes, ({ path }) => path)].map(([path, routes]) => [
    path,
    routes.map(({ method }) => method).toSorted(),
  ]),
);

/** Whether a route takes the place of a parameter in another one's path, which then has this method for it. */
export function isShadowed(method: string, path: string): boolean {
  return apiRoutes.some((other) => {
    const pattern = new RegExp(`^${other.path.replaceAll('.', String.raw`\.`).replaceAll(NOBODY, '[^/]+')}$`);
    return other.method === method && other.path !== path && pattern.test(path);
  });
}
