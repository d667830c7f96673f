import { EXIT_CODE_CONFIGURATION, SelfCheckError, SettingsError } from '@redoubt/config';
import { SecretError } from '@redoubt/secrets';
import { RouteContractError } from '@redoubt/server';

import { UsageError } from './usage-error.ts';

/** Faults beside those of settings that a person mends, and that a stack says nothing about. */
const ofPeople = [SecretError, RouteContractError, UsageError] as const;

/** EX_USAGE of sysexits.h. */
const EXIT_CODE_USAGE = 64;

/** What a process that ends by a fault prints: what a person mends without a stack, everything else with it. */
export function explainFault(error: unknown): string {
  if (isConfiguration(error) || ofPeople.some((fault) => error instanceof fault)) return (error as Error).message;
  if (isAddressInUse(error))
    return `Port ${error.port} is taken, perhaps by another start. End that one, or set PORT and MANAGEMENT_PORT.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** 78 (EX_CONFIG of sysexits.h) for settings and findings of the self-check, 64 for a wrong call, 1 for everything else. */
export function exitCodeOfFault(error: unknown): number {
  if (error instanceof UsageError) return EXIT_CODE_USAGE;
  return isConfiguration(error) ? EXIT_CODE_CONFIGURATION : 1;
}

function isConfiguration(error: unknown): error is SettingsError | SelfCheckError {
  return error instanceof SettingsError || error instanceof SelfCheckError;
}

function isAddressInUse(error: unknown): error is Error & { readonly port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;
}
