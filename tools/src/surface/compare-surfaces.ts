import { compareAccess } from './compare-access.ts';
import { compareBounds } from './compare-bounds.ts';
import { compareLimits } from './compare-limits.ts';
import { type Direction, directionOf } from './direction.ts';
import type { Surface, SurfaceField, SurfaceRoute } from './surface.ts';

/** One difference between two surfaces. */
export interface SurfaceChange {
  readonly kind: 'added' | 'removed' | Direction;
  /** What it is about: a route, with what of it. */
  readonly subject: string;
  readonly before?: string;
  readonly after?: string;
}

type Compare = (before: string, after: string) => Direction;

/** How each column of a route moves; the listener and the route itself say which route it is. */
const ROUTE_COMPARISONS: Readonly<Record<Exclude<keyof SurfaceRoute, 'listener' | 'route'>, Compare>> = {
  access: compareAccess,
  rateLimit: compareLimits,
  body: (before, after) => compareNumbers(before, after),
  idempotency: (before, after) => directionOf(before === 'required', after === 'required'),
  audit: (before, after) => compareEvents(before, after),
  cache: (before, after) => compareNumbers(before, after),
};

const COLUMN_NAMES: Readonly<Record<keyof typeof ROUTE_COMPARISONS, string>> = {
  access: 'who may call it',
  rateLimit: 'limit',
  body: 'largest body',
  idempotency: 'idempotency key',
  audit: 'audit events',
  cache: 'kept by caches',
};

/** Tells what was added, removed, loosened and tightened between two revisions of a surface. */
export function compareSurfaces(before: Surface, after: Surface): readonly SurfaceChange[] {
  const nameOf = ({ listener, route }: SurfaceRoute): string =>
    listener === 'public' ? route : `${route} (${listener})`;
  const [oldRoutes, newRoutes] = [byName(before.routes, nameOf), byName(after.routes, nameOf)];
  const stayed = new Set(after.routes.filter((route) => oldRoutes.has(nameOf(route))).map(({ route }) => route));
  return [
    ...addedAndRemoved(oldRoutes, newRoutes, ({ access }) => access),
    ...[...newRoutes].flatMap(([name, route]) => changesOfRoute(name, oldRoutes.get(name), route)),
    ...changesOfFields(before.fields, after.fields, stayed),
  ];
}

function byName<Row>(rows: readonly Row[], nameOf: (row: Row) => string): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [nameOf(row), row]));
}

function addedAndRemoved(
  before: ReadonlyMap<string, SurfaceRoute>,
  after: ReadonlyMap<string, SurfaceRoute>,
  describe: (route: SurfaceRoute) => string,
): readonly SurfaceChange[] {
  const added = [...after].filter(([name]) => !before.has(name));
  const removed = [...before].filter(([name]) => !after.has(name));
  return [
    ...added.map(([subject, route]) => ({ kind: 'added' as const, subject, after: describe(route) })),
    ...removed.map(([subject, route]) => ({ kind: 'removed' as const, subject, before: describe(route) })),
  ];
}

function changesOfRoute(name: string, old: SurfaceRoute | undefined, route: SurfaceRoute): readonly SurfaceChange[] {
  if (old === undefined) return [];
  const columns = Object.keys(ROUTE_COMPARISONS) as (keyof typeof ROUTE_COMPARISONS)[];
  return columns.flatMap((column) => {
    const [before, after] = [old[column], route[column]];
    if (before === after) return [];
    const subject = `${name}: ${COLUMN_NAMES[column]}`;
    return [{ kind: ROUTE_COMPARISONS[column](before, after), subject, before, after }];
  });
}

/** Of routes that are there in both: a new route has all of its fields new, and says so once. */
function changesOfFields(
  before: readonly SurfaceField[],
  after: readonly SurfaceField[],
  stayed: ReadonlySet<string>,
): readonly SurfaceChange[] {
  const nameOf = ({ route, field }: SurfaceField): string => `${route}: ${field}`;
  const ofStayed = (fields: readonly SurfaceField[]) => fields.filter(({ route }) => stayed.has(route));
  const [old, now] = [byName(ofStayed(before), nameOf), byName(ofStayed(after), nameOf)];
  const describe = ({ presence, bounds }: SurfaceField): string => `${presence} ${bounds}`;
  const changed = [...now].flatMap(([subject, field]): readonly SurfaceChange[] => {
    const was = old.get(subject);
    // A value more that is taken is more to attack.
    if (was === undefined) return [{ kind: 'loosened', subject, after: describe(field) }];
    if (describe(was) === describe(field)) return [];
    return [{ kind: compareField(was, field), subject, before: describe(was), after: describe(field) }];
  });
  const gone = [...old].filter(([subject]) => !now.has(subject));
  return [
    ...changed,
    ...gone.map(([subject, field]) => ({ kind: 'tightened' as const, subject, before: describe(field) })),
  ];
}

function compareField(old: SurfaceField, now: SurfaceField): Direction {
  const bounds = old.bounds === now.bounds ? undefined : compareBounds(old.bounds, now.bounds);
  const presence = old.presence === now.presence ? undefined : now.presence === 'optional' ? 'loosened' : 'tightened';
  if (bounds === undefined || presence === undefined || bounds === presence) return bounds ?? presence ?? 'changed';
  return 'changed';
}

/** `none` and `no-store` are the least. */
function compareNumbers(before: string, after: string): Direction {
  const numberOf = (text: string): number => Number.parseInt(text, 10) || 0;
  return directionOf(numberOf(after) > numberOf(before), numberOf(after) < numberOf(before));
}

/** Who is told of less has less to go by. */
function compareEvents(before: string, after: string): Direction {
  const [old, now] = [before.split(', '), after.split(', ')].map((names) => names.filter((name) => name !== 'none'));
  const lacks = (some: readonly string[] = [], others: readonly string[] = []): boolean =>
    some.some((name) => !others.includes(name));
  return directionOf(lacks(old, now), lacks(now, old));
}
