import { defineService, type OpenContext } from '@redoubt/service';

import { roles } from './access.ts';
import { database } from './database.ts';
import type { Adapters } from './dependencies.ts';
import { modules } from './modules.ts';
import { api, apiTokens, type Settings, settings } from './settings.ts';

/** The service: what is its own, over what every service has. */
export const sampleService = defineService({
  database,
  description: 'The service sample-service.',
  settings,
  roles,
  secrets: { ...api.secrets },
  open: (context: OpenContext<Settings>): Promise<Adapters> =>
    Promise.resolve({ api: api.open(context.settings, context.secrets) }),
  peerTokens: (given, { api: calls }) => apiTokens.from(given, calls),
  modules,
  closables: ({ api: calls }) => [{ name: 'calls to api', close: () => calls.close() }],
});
