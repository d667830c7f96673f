/** Errors that wrap errors that wrap errors: deeper than this, nobody wraps on purpose. */
const MAX_CAUSES = 5;

/** The error and what caused it, outermost first. */
export function* causesOf(error: unknown): Generator<Error> {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth += 1) {
    yield current;
    current = current.cause;
  }
}

/** The SQLSTATE of a server's error, or the system's error code: `23505`, `ECONNREFUSED`. */
export function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
