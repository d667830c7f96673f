import type { Adapters } from '../dependencies.ts';

/** What the build makes the service from, to see its schemas: calls that reach nobody. */
export function throwawayAdapters(): Adapters {
  const refused = () => Promise.reject(new TypeError('a build calls nobody'));
  const close = () => Promise.resolve();
  return { api: { origin: 'https://api.example', client: { request: refused, close }, close } };
}
