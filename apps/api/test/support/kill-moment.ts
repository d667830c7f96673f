import type { TcpProxy, Transfer } from '@redoubt/testing';

import type { Replica } from './real-servers.ts';

/** How much of a message still reaches the database when its sender is killed. */
const cuts = {
  nothing: () => 0,
  'one byte': () => 1,
  half: (bytes: Uint8Array) => Math.floor(bytes.length / 2),
  'all but one byte': (bytes: Uint8Array) => bytes.length - 1,
  all: (bytes: Uint8Array) => bytes.length,
} as const satisfies Record<string, (bytes: Uint8Array) => number>;

/**
 * When a process is killed: as it sends the n-th message of its transaction to the database, of which so much arrives; or
 * as the n-th answer comes, of which nothing does. Counted on the wire: the same moment each time, on any machine.
 */
export interface KillMoment {
  readonly message: number;
  readonly arriving: keyof typeof cuts | 'its answer is lost';
}

const arrivals = [...(Object.keys(cuts) as (keyof typeof cuts)[]), 'its answer is lost'] as const;

/** The first so many moments, in the order in which a request passes them. */
export function firstMoments(count: number): readonly KillMoment[] {
  return Array.from({ length: count }, (_, index) => ({
    message: Math.floor(index / arrivals.length) + 1,
    arriving: arrivals[index % arrivals.length] ?? 'nothing',
  }));
}

/** A simple query, `Query` of the PostgreSQL manual, that begins a transaction. */
const BEGIN = /^Q[^]{4}begin\0/;

/**
 * Kills the replica with SIGKILL at the moment, counted from the next transaction on, or when the request has been answered, if that is
 * earlier: events are appended in batches, and how many messages follow a commit differs. Resolves once it has ended.
 */
export async function killAt(
  moment: KillMoment,
  { child }: Replica,
  { wire, answered }: { readonly wire: TcpProxy; readonly answered: Promise<unknown> },
): Promise<void> {
  const direction = moment.arriving === 'its answer is lost' ? 'from-server' : 'to-server';
  const { promise: killed, resolve } = Promise.withResolvers<void>();
  let seen = 0;
  // Before it there may be events of the request, and a connection that is opened since they have the other one.
  let hasBegun = false;
  wire.watch((transfer) => {
    hasBegun ||= transfer.direction === 'to-server' && BEGIN.test(new TextDecoder('latin1').decode(transfer.bytes));
    if (!hasBegun) return 'deliver';
    if (transfer.direction !== direction || (seen += 1) !== moment.message) return 'deliver';
    child.process.kill('SIGKILL');
    resolve();
    return { deliverBytes: moment.arriving === 'its answer is lost' ? 0 : cuts[moment.arriving](transfer.bytes) };
  });
  await Promise.race([killed, answered]);
  child.process.kill('SIGKILL');
  await child.exited;
}

/** ReadyForQuery, outside of a transaction: the end of an answer (PostgreSQL manual, "Message Formats"). */
const IDLE = [0x5a, 0, 0, 0, 5, 0x49];

/** Resolves once a service that starts behind the wire has written its first event: its start is over. */
export function whenStarted(wire: TcpProxy): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let wrote = false;
  wire.watch(({ direction, bytes }: Transfer) => {
    if (direction === 'to-server') wrote ||= new TextDecoder().decode(bytes).includes('sys_startup');
    else if (wrote && IDLE.every((byte, index) => bytes.at(index - IDLE.length) === byte)) resolve();
    return 'deliver';
  });
  return promise;
}
