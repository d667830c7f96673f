/** `pnpm run doctor`: what the self-check says of a start. */
import { developDoctor } from '@redoubt/service/develop';

import { completeWithFoundKey } from './development/development-start.ts';

await developDoctor({ load: async () => (await import('./service.ts')).api, complete: completeWithFoundKey });
