import { join } from 'node:path';

import {
  AccessMatrix,
  createTestService,
  describeAccess,
  matrixAdapters,
  matrixOptions,
} from '@redoubt/service/testing';

import { roles } from '../src/access.ts';
import { throwawayAdapters } from '../src/build/throwaway-adapters.ts';
import { sampleService } from '../src/service.ts';

// The routes are known only once the service is built, and tests are collected before hooks run.
const adapters = { ...throwawayAdapters(), ...matrixAdapters() };
const service = await createTestService(sampleService, { adapters, options: matrixOptions });
describeAccess(await AccessMatrix.create({ service, roles }), join(import.meta.dirname, 'access.snapshot.md'));
