import { serviceBundle } from '@redoubt/service/build';

import { throwawayAdapters } from './src/build/throwaway-adapters.ts';

export default serviceBundle({
  load: async () => (await import('./src/service.ts')).sampleService,
  collection: async () => ({ adapters: await throwawayAdapters() }),
});
