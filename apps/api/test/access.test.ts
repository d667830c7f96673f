import { join } from 'node:path';

import { describeAccess } from '@redoubt/service/testing';

import { createMatrix } from './support/access-matrix.ts';

// The routes are known only once the service is built, and tests are collected before hooks run.
describeAccess(await createMatrix(), join(import.meta.dirname, 'access.snapshot.md'));
