import { readSilences, runSelfCheck, type SelfCheckReport } from '@redoubt/config';

import { type CheckedServers, serverChecks } from './server-checks.ts';
import { type CheckedService, serviceChecks } from './service-checks.ts';

/** The self-check of the service: the same at a start and for whoever asks (SR-53). */
export async function checkService(service: CheckedService, servers: CheckedServers): Promise<SelfCheckReport> {
  const { settings, now } = service;
  return runSelfCheck({
    checks: [...serviceChecks(service), ...serverChecks(servers)],
    silences: await readSilences(settings.SELF_CHECK_SILENCES_FILE, now),
    mode: settings.NODE_ENV,
    now,
  });
}
