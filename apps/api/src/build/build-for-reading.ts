import { buildForReading as build, type ReadableService } from '@redoubt/service/reading';

import { api } from '../service.ts';
import { throwawayAdapters } from './throwaway-adapters.ts';

/**
 * Builds this service to be read, in the form that production gives it. What reads services (`pnpm surface`, `pnpm client`)
 * finds this function under this name in each app.
 */
export async function buildForReading(): Promise<ReadableService> {
  const form = { localPasswords: 'on', registration: 'confirmed' };
  return build(api.service, { adapters: await throwawayAdapters(), form });
}
