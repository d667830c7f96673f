import { afterAll } from 'vitest';

import type { ServiceSchema } from '../src/database/service-database.ts';
import type { DefinedService } from '../src/define-service.ts';
import type { ServiceOptions } from '../src/service-dependencies.ts';
import type { ServiceSettings } from '../src/settings/service-settings.ts';
import { AccessMatrix, type CustomGrants, matrixAdapters, matrixOptions } from './access-matrix.ts';
import { createTestService, type TestServiceOptions } from './create-test-service.ts';
import { describeAccess } from './describe-access.ts';
import { describeHeaders } from './describe-headers.ts';
import { describeHostileInput } from './describe-input.ts';

/** What the tests of the controls need to know of a service. */
export interface ControlsOptions<Schema extends ServiceSchema, Adapters, Options> extends TestServiceOptions<
  Schema,
  Adapters,
  Options
> {
  /** The file with the reviewed table of who may call what. */
  readonly reviewedTable: string;
  /** What rules of its own grant, by their description. */
  readonly custom?: CustomGrants;
}

/**
 * Tests the controls of a service over all of its routes, those that are added later as well: who may call (SR-1, SR-2), the
 * headers of every answer (SR-32, SR-34), hostile input (SR-16, SR-18, SR-21). A test file awaits it at its top level.
 */
export async function testControls<
  Settings extends ServiceSettings,
  Schema extends ServiceSchema,
  Adapters extends object,
  Own extends object,
  Options extends object,
>(
  defined: DefinedService<Settings, Schema, Adapters, Own, Options>,
  { reviewedTable, custom = {}, adapters, options }: ControlsOptions<Schema, Adapters, ServiceOptions & Options>,
): Promise<void> {
  const service = await createTestService<Settings, Schema, Adapters, Own, Options>(defined, {
    // What a test gives comes before what the callers of the matrix need.
    adapters: { ...matrixAdapters(), ...adapters } as NonNullable<typeof adapters>,
    options: { ...matrixOptions, ...options } as NonNullable<typeof options>,
  });
  const matrix = await AccessMatrix.create({ service, roles: defined.service.roles, custom });
  afterAll(() => matrix.close());
  describeAccess(matrix, reviewedTable);
  describeHeaders(matrix);
  describeHostileInput(matrix);
}
