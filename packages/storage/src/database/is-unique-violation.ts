import { causesOf, codeOf } from './error-code.ts';

/** SQLSTATE of a row that a unique constraint or index refuses (PostgreSQL manual, appendix A). */
const UNIQUE_VIOLATION = '23505';

/**
 * Answers whether a unique constraint refused a row; with a name, whether that very constraint did.
 *
 * Name the constraint where the answer decides what a client is told: a table may have several.
 */
export function isUniqueViolation(error: unknown, constraintName?: string): boolean {
  for (const cause of causesOf(error)) {
    if (codeOf(cause) === UNIQUE_VIOLATION) {
      return constraintName === undefined || ('constraint' in cause && cause.constraint === constraintName);
    }
  }
  return false;
}
