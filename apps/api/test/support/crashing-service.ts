/** A development start that throws what nobody catches as soon as it serves. */
import { develop } from '@redoubt/service/develop';

import { completeWithKey, letAdministratorIn } from '../../src/development/development-start.ts';

await develop({
  load: async () => (await import('../../src/service.ts')).api,
  complete: completeWithKey,
  prepare: letAdministratorIn,
});
setImmediate(() => {
  throw new Error('nobody catches this');
});
