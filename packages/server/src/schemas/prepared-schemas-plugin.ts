import { fileURLToPath } from 'node:url';

import type { UsedSchema } from './used-schema.ts';
import { writePreparedSchemas } from './write-prepared-schemas.ts';

export type { UsedSchema } from './used-schema.ts';

/** As much of a plugin of Rolldown, or Rollup, as it takes. */
export interface PreparedSchemasPlugin {
  readonly name: string;
  readonly load: (id: string) => Promise<{ code: string; moduleType: 'js' } | undefined>;
}

/**
 * Puts functions for all schemas of a service into its bundle.
 *
 * @param collect - builds the service as a start does, and tells what it compiled.
 */
export function preparedSchemasPlugin(collect: () => Promise<readonly UsedSchema[]>): PreparedSchemasPlugin {
  const replaced = fileURLToPath(import.meta.resolve('./prepared-schemas.ts'));
  return {
    name: 'prepared-schemas',
    load: async (id) =>
      id === replaced ? { code: writePreparedSchemas(await collect()), moduleType: 'js' } : undefined,
  };
}
