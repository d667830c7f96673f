import { join } from 'node:path';
import process from 'node:process';

import { runCommand } from '../machine/run-command.ts';
import type { CallerMemory } from '../results.ts';

/** Memory of the limiter's counters for so many distinct callers, each in a process of its own. */
export async function measureCallers(counts: readonly number[]): Promise<CallerMemory[]> {
  const measured: CallerMemory[] = [];
  for (const callers of counts) {
    const script = join(import.meta.dirname, 'count-callers.ts');
    const output = await runCommand([process.execPath, '--expose-gc', script, String(callers)]);
    measured.push(JSON.parse(output) as CallerMemory);
  }
  return measured;
}
