import { type NewPassword, parseNewPassword, PasswordPolicyError } from '@redoubt/auth';
import { AppError } from '@redoubt/server';

import type { AppOptions } from '../app-dependencies.ts';
import { database } from '../database-schema.ts';

/** Where a new password stands, and what is known about who chooses it. */
export interface ChosenPassword {
  readonly pointer: '/password' | '/newPassword';
  readonly email?: string;
  readonly options: Pick<AppOptions, 'publicUrl'>;
}

/**
 * Takes a new password of a request. The words that SR-12 forbids come from the service's name, its host, and the
 * address of the account.
 *
 * @throws {AppError} `invalid-request` with the rule that is broken at the pointer, and never the password.
 */
export function parseChosenPassword(text: string, { pointer, email, options }: ChosenPassword): NewPassword {
  const words = [database.service, new URL(options.publicUrl).hostname];
  try {
    return parseNewPassword(text, { words, ...(email === undefined ? {} : { email }) });
  } catch (error) {
    if (!(error instanceof PasswordPolicyError)) throw error;
    throw new AppError('invalid-request', { cause: error, faults: [{ pointer, message: error.message }] });
  }
}
