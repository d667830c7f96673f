import { join } from 'node:path';

import { testControls } from '@redoubt/service/testing';

import { throwawayAdapters } from '../src/build/throwaway-adapters.ts';
import { sampleService } from '../src/service.ts';

// The routes are known only once the service is built, and tests are collected before hooks run.
await testControls(sampleService, {
  reviewedTable: join(import.meta.dirname, 'access.snapshot.md'),
  adapters: await throwawayAdapters(),
});
