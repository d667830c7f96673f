import { causesOf, codeOf } from './error-code.ts';

/** SQLSTATE of a statement that waited for a lock longer than it may (PostgreSQL manual, appendix A). */
const LOCK_NOT_AVAILABLE = '55P03';

/** Answers whether a statement gave up because somebody else holds what it needs, and may succeed later. */
export function isLockTimeout(error: unknown): boolean {
  for (const cause of causesOf(error)) {
    if (codeOf(cause) === LOCK_NOT_AVAILABLE) return true;
  }
  return false;
}
