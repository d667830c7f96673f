import type { SettingsDefinition } from './define-settings.ts';
import { secretReferenceFormat } from './formats/secret-reference.ts';

/** Names of the settings that are references to secrets, in the order of the schema. */
export function secretSettingsOf({ settings }: Pick<SettingsDefinition<unknown>, 'settings'>): readonly string[] {
  return settings.filter(({ reader }) => reader === secretReferenceFormat).map(({ name }) => name);
}
