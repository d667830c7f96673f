import { join } from 'node:path';

import { testControls } from '../testing/test-controls.ts';
import { sample } from './support/sample-service.ts';

await testControls(sample, { reviewedTable: join(import.meta.dirname, 'sample-access.snapshot.md') });
