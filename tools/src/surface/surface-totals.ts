import type { Surface } from './surface.ts';

/** One number that a reader compares at a glance. */
export interface SurfaceTotal {
  readonly name: string;
  readonly value: number;
}

/** Counts what a reviewer asks first. */
export function surfaceTotals({ routes, fields }: Surface): readonly SurfaceTotal[] {
  const open = routes.filter(({ listener }) => listener === 'public');
  const count = (name: string, matches: (route: (typeof routes)[number]) => boolean): SurfaceTotal => ({
    name,
    value: open.filter(matches).length,
  });
  return [
    { name: 'routes of the public listener', value: open.length },
    count('of them: anybody may call', ({ access }) => access === 'public'),
    count('of them: ask for a permission', ({ access }) => access.includes('permission(')),
    count('of them: any signed-in user may call', ({ access }) => access === 'signed-in'),
    count('of them: let services in', ({ access }) => /\b(?:any-service|service\()/.test(access)),
    count('of them: not limited', ({ rateLimit }) => rateLimit.startsWith('not limited')),
    count('of them: take a body', ({ body }) => body !== 'none'),
    count('of them: ask for an idempotency key', ({ idempotency }) => idempotency === 'required'),
    count('of them: may be kept by caches', ({ cache }) => cache !== 'no-store'),
    { name: 'routes of other listeners', value: routes.length - open.length },
    { name: 'fields taken', value: fields.length },
  ];
}
