/** A setup that cannot or must not be done; the message says what to do instead, and is all that a person is shown. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
