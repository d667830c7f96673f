/** The service on a developer's machine: `pnpm dev`. */
import { develop } from '@redoubt/service/develop';

import { completeWithKey, letAdministratorIn } from './development/development-start.ts';

await develop({
  load: async () => (await import('./service.ts')).api,
  complete: completeWithKey,
  prepare: letAdministratorIn,
});
