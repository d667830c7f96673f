/**
 * What the service promises while a server that it leans on fails: the typed table behind `docs/reliability.md`.
 * `faults.servers.test.ts` makes each fault on real servers and holds the service to it.
 */

/** One route for each sort of route, by what it needs. */
export const routeClasses = {
  'public read': 'GET /.well-known/jwks.json',
  liveness: 'GET /health/live',
  readiness: 'GET /health/ready',
  'signed-in read': 'GET /api/users/me',
  'administrator read': 'GET /api/users',
  'sign-in': 'POST /api/auth/login',
  refresh: 'POST /api/auth/refresh',
  'idempotent write': 'POST /api/users',
} as const satisfies Record<string, string>;

/** A sort of route. */
export type RouteClass = keyof typeof routeClasses;

/** The faults, as the table names them. */
export const faults = [
  'PostgreSQL is killed (-9)',
  'PostgreSQL hangs (SIGSTOP)',
  'PostgreSQL is slow (100 ms more for each round trip)',
  'PostgreSQL refuses connections',
  'Valkey is killed (-9)',
  'Valkey hangs (SIGSTOP)',
  'Valkey is slow (100 ms more for each round trip)',
  'Valkey refuses connections',
] as const;

/** A fault of one server. */
export type Fault = (typeof faults)[number];

/** What a client gets: the answer of a good day, 503 with `Retry-After`, or, where it depends, one of the two. */
export type PromisedAnswer = 'as ever' | '503' | 'as ever or 503';

/** One promise: these routes answer so, in this time. */
export interface FaultPromise {
  readonly fault: Fault;
  readonly routes: readonly RouteClass[];
  readonly answer: PromisedAnswer;
  readonly withinSeconds: number;
}

/** An answer that needs no server, or waits for none: some milliseconds, and room for a busy machine. */
const SOON_SECONDS = 3;
/** A query to a silent server ends 6 s after it was sent, one that waits for a connection after 2 s (SR-39). */
const SILENT_SECONDS = 10;
/** From the end of a fault to the last answer of a good day. */
export const RECOVERY_SECONDS = 30;

type Promises = readonly Omit<FaultPromise, 'fault'>[];

const needNothing: Promises[number] = {
  routes: ['public read', 'liveness'],
  answer: 'as ever',
  withinSeconds: SOON_SECONDS,
};
const notReady: Promises[number] = { routes: ['readiness'], answer: '503', withinSeconds: SOON_SECONDS };

function withoutPostgres(withinSeconds: number): Promises {
  const routes = ['signed-in read', 'administrator read', 'sign-in', 'refresh', 'idempotent write'] as const;
  return [needNothing, notReady, { routes, answer: '503', withinSeconds }];
}

/** Nobody can say who was signed out, nor count who guesses (SR-30). */
const withoutValkey: Promises = [
  needNothing,
  notReady,
  {
    routes: ['signed-in read', 'administrator read', 'sign-in', 'refresh', 'idempotent write'],
    answer: '503',
    withinSeconds: SOON_SECONDS,
  },
];

const slower: Promises = [
  needNothing,
  {
    routes: ['readiness', 'signed-in read', 'administrator read', 'sign-in', 'refresh', 'idempotent write'],
    answer: 'as ever',
    withinSeconds: SILENT_SECONDS,
  },
];

/** Where somebody could guess, nothing is done uncounted, and a counter that takes longer than 50 ms is away (SR-22). */
const slowerValkey: Promises = [
  needNothing,
  {
    routes: ['readiness', 'signed-in read', 'administrator read', 'idempotent write'],
    answer: 'as ever',
    withinSeconds: SILENT_SECONDS,
  },
  { routes: ['sign-in', 'refresh'], answer: '503', withinSeconds: SOON_SECONDS },
];

const promisesOf: Readonly<Record<Fault, Promises>> = {
  'PostgreSQL is killed (-9)': withoutPostgres(SOON_SECONDS),
  'PostgreSQL hangs (SIGSTOP)': withoutPostgres(SILENT_SECONDS),
  'PostgreSQL is slow (100 ms more for each round trip)': slower,
  'PostgreSQL refuses connections': withoutPostgres(SOON_SECONDS),
  'Valkey is killed (-9)': withoutValkey,
  'Valkey hangs (SIGSTOP)': withoutValkey,
  'Valkey is slow (100 ms more for each round trip)': slowerValkey,
  'Valkey refuses connections': withoutValkey,
};

/** Every promise, fault by fault. Each fault has one for each sort of route. */
export const faultPromises: readonly FaultPromise[] = faults.flatMap((fault) =>
  promisesOf[fault].map(({ routes, answer, withinSeconds }) => ({ fault, routes, answer, withinSeconds })),
);

/** What a run saw of one sort of route, or of the recovery, where it says how long the service needed. */
export interface FaultObservation {
  readonly fault: Fault;
  readonly routes: RouteClass | 'recovery';
  readonly status: number;
  /** The time in classes, so that two runs of one behaviour read the same. */
  readonly withinSeconds: number;
}

const TIME_CLASSES_SECONDS = [1, SOON_SECONDS, SILENT_SECONDS, RECOVERY_SECONDS];

/** The class of a duration: seconds. `Infinity` for what has no class. */
export function timeClassOf(durationMs: number): number {
  return TIME_CLASSES_SECONDS.find((seconds) => durationMs <= seconds * 1000) ?? Infinity;
}

/** Statuses that a sort of route may answer with. */
export function statusesOf(answer: PromisedAnswer, routes: RouteClass): readonly number[] {
  const usual = routes === 'idempotent write' ? 201 : 200;
  return { 'as ever': [usual], '503': [503], 'as ever or 503': [usual, 503] }[answer];
}
