import { join } from 'node:path';

import { AccessMatrix, matrixAdapters, matrixOptions } from '../testing/access-matrix.ts';
import { createTestService } from '../testing/create-test-service.ts';
import { describeAccess } from '../testing/describe-access.ts';
import { sample } from './support/sample-service.ts';

const service = await createTestService(sample, { adapters: matrixAdapters(), options: matrixOptions });
describeAccess(
  await AccessMatrix.create({ service, roles: sample.service.roles }),
  join(import.meta.dirname, 'sample-access.snapshot.md'),
);
