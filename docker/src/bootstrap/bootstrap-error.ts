/** Something that a person has to mend before the volumes can be filled. The message says what, and holds no value. */
export class BootstrapError extends Error {
  override readonly name = 'BootstrapError';
}
