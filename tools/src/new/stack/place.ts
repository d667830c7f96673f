import type { NameForms } from '../name-forms.ts';

/** A service that is given a place in the stack. */
export interface Place {
  readonly name: NameForms;
  /** The name of the project, which begins names that are shared with others. */
  readonly project: string;
}
