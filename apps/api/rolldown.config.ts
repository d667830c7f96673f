import { serviceBundle } from '@redoubt/service/build';

import { throwawayAdapters } from './src/build/throwaway-adapters.ts';

export default serviceBundle({
  load: async () => (await import('./src/service.ts')).api,
  collection: async () => ({
    adapters: await throwawayAdapters(),
    forms: (['immediate', 'confirmed'] as const).map((registration) => ({ localPasswords: 'on', registration })),
  }),
});
