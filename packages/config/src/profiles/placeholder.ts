/**
 * Words in angle brackets, as a profile has them for what a team alone knows: no setting has a value with them, so that
 * neither a person nor a rule takes one for a value.
 */
const PLACEHOLDER = /<[^<>]+>/;

/** Whether a text still has a placeholder. */
export function hasPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}
