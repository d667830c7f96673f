/** What the caller of `pnpm new` has to mend; its message is for a person. */
export class NewError extends Error {
  override readonly name = 'NewError';
}
