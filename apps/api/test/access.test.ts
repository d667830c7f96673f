import { join } from 'node:path';

import { describeAccess, describeHeaders } from '@redoubt/service/testing';
import { afterAll } from 'vitest';

import { createMatrix } from './support/access-matrix.ts';

// The routes are known only once the service is built, and tests are collected before hooks run.
const matrix = await createMatrix();
afterAll(() => matrix.close());
describeAccess(matrix, join(import.meta.dirname, 'access.snapshot.md'));
describeHeaders(matrix);
