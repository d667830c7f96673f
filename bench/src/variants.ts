import { join } from 'node:path';

const benchDirectory = join(import.meta.dirname, '..');

/** What is measured. `base` is what all ratios are told against; `full` has controls that compare with the service's. */
export interface Variant {
  readonly id: VariantId;
  readonly title: string;
  readonly kind: 'base' | 'bare' | 'full';
  readonly file: string;
  /** Counts and revokes in Valkey instead of its own memory. */
  readonly sharedStore?: true;
  /** Is busy for so long with each request, and does nothing with the time: what a microsecond is worth on this machine. */
  readonly busyMicroseconds?: number;
}

export type VariantId =
  | 'node'
  | 'fastify'
  | 'fastify-busy'
  | 'hardened'
  | 'hardened-valkey'
  | 'express'
  | 'nest'
  | 'hono';

const peer = (name: string): string => join(benchDirectory, 'peers', 'dist', `${name}.js`);
const bundle = join(benchDirectory, 'dist', 'hardened.js');

/** About what a framework adds that does all that is asked of it. */
const BUSY_MICROSECONDS = 5;

/** Every variant, in the order in which tables show them. */
export const variants: readonly Variant[] = [
  { id: 'node', title: 'bare node:http', kind: 'bare', file: peer('bare-node') },
  { id: 'fastify', title: 'bare Fastify', kind: 'base', file: peer('bare-fastify') },
  {
    id: 'fastify-busy',
    title: `bare Fastify, busy for ${BUSY_MICROSECONDS} µs`,
    kind: 'bare',
    file: peer('bare-fastify'),
    busyMicroseconds: BUSY_MICROSECONDS,
  },
  { id: 'hardened', title: 'Redoubt', kind: 'full', file: bundle },
  { id: 'hardened-valkey', title: 'Redoubt, limits in Valkey', kind: 'full', file: bundle, sharedStore: true },
  { id: 'hono', title: 'Hono with its controls', kind: 'full', file: peer('hono') },
  { id: 'nest', title: 'NestJS with its controls', kind: 'full', file: peer('nest') },
  { id: 'express', title: 'Express of the guide', kind: 'full', file: peer('express') },
];

/** One of them. */
export function variantOf(id: VariantId): Variant {
  const found = variants.find((variant) => variant.id === id);
  if (found === undefined) throw new RangeError(`${id} is no variant`);
  return found;
}
