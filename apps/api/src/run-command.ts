import process from 'node:process';

import { EXIT_CODE_CONFIGURATION, SelfCheckError, SettingsError } from '@redoubt/config';
import { SecretError } from '@redoubt/secrets';
import { RouteContractError } from '@redoubt/server';

/**
 * Runs what a process is for. Faults that a person mends (settings, findings, routes) are printed as they are, without a
 * stack; settings and findings end the process with 78 (EX_CONFIG), everything else with 1.
 */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    // oxlint-disable-next-line unicorn/no-process-exit -- a half-started service may hold handles that keep it alive
    process.exit(isConfiguration(error) ? EXIT_CODE_CONFIGURATION : 1);
  }
}

function isConfiguration(error: unknown): error is SettingsError | SelfCheckError {
  return error instanceof SettingsError || error instanceof SelfCheckError;
}

function explain(error: unknown): string {
  if (isConfiguration(error) || error instanceof SecretError || error instanceof RouteContractError)
    return error.message;
  if (isAddressInUse(error))
    return `Port ${error.port} is taken, perhaps by another start. End that one, or set PORT and MANAGEMENT_PORT.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isAddressInUse(error: unknown): error is Error & { readonly port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;
}
