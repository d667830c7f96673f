import { hardenPrototypes } from '@redoubt/server';

import { runService } from '../contract/run-service.ts';
import { createRedoubt } from './redoubt.ts';

hardenPrototypes();
await runService(async (config) => (await createRedoubt(config)).server);
