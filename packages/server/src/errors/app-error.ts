import { type ErrorCode, errorCodes } from './error-codes.ts';

/** One fault of a request: where (RFC 6901 pointer) and what was expected. Never a value that the client sent. */
export interface FieldFault {
  readonly pointer: string;
  readonly message: string;
}

/**
 * What a refused request may be a sign of, for whoever watches: input that is not what was asked for, or something that
 * no client of ours sends.
 */
export type Suspicion = 'invalid-input' | 'extraneous';

/** What an {@link AppError} may carry beside its code. */
export interface AppErrorOptions {
  /** What led here; goes to the log, never to the client. */
  readonly cause?: unknown;
  /** Faults of single fields, for a 400. */
  readonly faults?: readonly FieldFault[];
  /** Seconds after which another try makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Further response headers that belong to the status, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Reported when it is answered; the client does not see it. */
  readonly suspicion?: Suspicion;
}

/**
 * An error that a client may see. Its status and message come from the table of codes alone, so that nothing from a
 * request or from a dependency can reach the answer through it.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly faults: readonly FieldFault[];
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly suspicion: Suspicion | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const { status, title } = errorCodes[code];
    super(title, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = status;
    this.faults = options.faults ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? {};
    this.suspicion = options.suspicion;
  }
}
