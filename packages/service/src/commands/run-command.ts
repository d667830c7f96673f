import process from 'node:process';

/**
 * Runs what a process is for. Faults that a person mends (settings, findings, routes) are printed as they are, without a
 * stack; settings and findings end the process with 78 (EX_CONFIG), a wrong call with 64 (EX_USAGE), everything else with 1.
 */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    // Loaded now: the classes of faults lead to most of the service, and a command that ends well needs none of it.
    const { explainFault, exitCodeOfFault } = await import('./explain-fault.ts');
    process.stderr.write(`${explainFault(error)}\n`);
    // oxlint-disable-next-line unicorn/no-process-exit -- a half-started service may hold handles that keep it alive
    process.exit(exitCodeOfFault(error));
  }
}
