/** The document would not be true, or cannot be made. */
export class SbomError extends Error {
  override readonly name = 'SbomError';
}
