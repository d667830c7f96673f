/** The stable code of {@link DatabaseUnavailableError}. */
export const DATABASE_UNAVAILABLE = 'DATABASE_UNAVAILABLE';

/** No connection could be had, or no answer came in time. The driver's own error is the cause; it holds no password. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly code = DATABASE_UNAVAILABLE;

  constructor(reason: string, options?: ErrorOptions) {
    super(`The database is unavailable (${reason})`, options);
  }
}
