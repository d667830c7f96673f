import type { PeerCalls, ServiceDependencies } from '@redoubt/service';

import type { SampleServiceSchema } from './database.ts';

/** What only this service leans on. */
export interface Adapters {
  readonly api: PeerCalls;
}

/** What its routes are made from. */
export type Dependencies = ServiceDependencies<SampleServiceSchema> & Adapters;
