import { readEnvironment } from '@redoubt/config';

/** Set where every server has to be there: what `.ci/run` promises. */
const REQUIRED = 'TEST_SERVERS_REQUIRED';

/**
 * The address of a server that a machine may lack. Where it is missing, says so on the console, for its tests are then
 * skipped; give `undefined` to `describe.skipIf`.
 *
 * @throws {Error} when it is missing and TEST_SERVERS_REQUIRED is set.
 */
export function findOptionalServer(variable: string, whatToRun: string): string | undefined {
  const environment = readEnvironment();
  const address = environment[variable];
  if (address !== undefined) return address;
  const message = `${variable} is not set, and its tests do not run. ${whatToRun}`;
  if (environment[REQUIRED] !== undefined) throw new Error(message);
  console.warn(`\n!!! SKIPPED: ${message}\n`);
  return undefined;
}
