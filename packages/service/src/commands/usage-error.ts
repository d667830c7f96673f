/** A command was called in a way that it does not know. The message is for the person who called it, and has no values. */
export class UsageError extends TypeError {
  override readonly name = 'UsageError';
}
