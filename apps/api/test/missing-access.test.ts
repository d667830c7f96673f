import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { RouteContractError, type Server } from '@redoubt/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from './support/test-app.ts';

const complete = join(import.meta.dirname, 'fixtures', 'complete-route.ts');
let directory: string;

beforeAll(async () => {
  // Inside the package, so that its imports resolve.
  directory = await mkdtemp(join(import.meta.dirname, 'mutant-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function bootWithout(line: RegExp): Promise<unknown> {
  const source = await readFile(complete, 'utf8');
  const mutant = source.replace(line, '');
  expect(mutant).not.toBe(source);
  const file = join(directory, `${String(line).replaceAll(/\W/g, '')}.ts`);
  await writeFile(file, mutant);
  const { addCompleteRoute } = (await import(file)) as { addCompleteRoute: (app: Server) => void };
  const service = await createTestApp();
  addCompleteRoute(service.app);
  const error: unknown = await service.app.ready().then(
    () => undefined,
    (cause: unknown) => cause,
  );
  await service.close();
  return error;
}

describe('a route from which a line was deleted', () => {
  it('SR-1: stops the boot without its access, and says what to write', async () => {
    const error = await bootWithout(/^ *access: .*\n/m);
    expect(error).toBeInstanceOf(RouteContractError);
    expect(String(error)).toContain("POST /api/echoes: declares no access\n    write: access: permission('…')");
  });

  it('SR-41: stops the boot without its idempotency decision', async () => {
    expect(String(await bootWithout(/^ *idempotency: .*\n/m))).toContain("idempotency: 'required'");
  });
});
