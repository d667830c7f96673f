import type { UsedSchema } from '@redoubt/server/build';

import { buildForReading } from './build-for-reading.ts';

/** Tells which schemas the service has, in each form that settings give it. */
export async function collectSchemas(): Promise<readonly UsedSchema[]> {
  const forms = [
    await buildForReading({ registration: 'immediate' }),
    await buildForReading({ registration: 'confirmed' }),
  ];
  try {
    return forms.flatMap(({ listeners }) => listeners.flatMap(({ server }) => server.compiledSchemas));
  } finally {
    await Promise.all(forms.map((form) => form.close()));
  }
}
