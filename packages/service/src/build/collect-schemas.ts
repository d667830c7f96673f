import type { UsedSchema } from '@redoubt/server/build';

import type { Service } from '../define-service.ts';
import { buildForReading } from './build-for-reading.ts';

/** What a service is built from that serves nobody. */
export interface SchemaCollection {
  /** What its `open` would give, made here and forgotten. Default: nothing. */
  readonly adapters?: object;
  /** The forms that settings give the service, each as options. Default: the one of a development start. */
  readonly forms?: readonly object[];
}

/** Builds a service in each of its forms, and tells which schemas it has. */
export async function collectSchemas(
  service: Service,
  { adapters = {}, forms = [{}] }: SchemaCollection = {},
): Promise<readonly UsedSchema[]> {
  const built = await Promise.all(forms.map((form) => buildForReading(service, { adapters, form })));
  try {
    return built.flatMap(({ listeners }) => listeners.flatMap(({ server }) => server.compiledSchemas));
  } finally {
    await Promise.all(built.map((one) => one.close()));
  }
}
