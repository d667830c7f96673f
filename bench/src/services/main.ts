import { hardenPrototypes } from '@redoubt/server';

import { runService } from '../contract/run-service.ts';
import { createHardened } from './hardened.ts';

hardenPrototypes();
await runService(async (config) => (await createHardened(config)).server);
