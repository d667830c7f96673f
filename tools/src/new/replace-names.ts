import { formsOf, type NameForms } from './name-forms.ts';

/** What stands in the templates for the name of a service. */
export const SAMPLE_SERVICE = formsOf('sample-service');

/** What stands in the templates for the name of a module. */
export const SAMPLE_MODULE = formsOf('sample-items');

/** Replaces a name by another one, in each of its forms. */
export function replaceName(text: string, from: NameForms, to: NameForms): string {
  return (['kebab', 'camel', 'pascal', 'snake', 'constant', 'joined'] as const).reduce(
    (current, form) => current.replaceAll(from[form], to[form]),
    text,
  );
}
