import type { ServiceModule, ServiceOptions } from '@redoubt/service';

import type { Dependencies } from './dependencies.ts';
import { peers } from './peers/peers-routes.ts';
import { sampleItems } from './sample-items/sample-items-routes.ts';

/** The routes of this service, in the order in which they are added. `pnpm new module` adds to them. */
export const modules: readonly ServiceModule<Dependencies, ServiceOptions>[] = [peers, sampleItems];
