import type { SettingsDefinition } from './define-settings.ts';
import type { Setting } from './setting.ts';

const HEADER = '| name | meaning | default | in development | constraint |\n| --- | --- | --- | --- | --- |';

/** The settings of a service as a Markdown table, for its README. A check compares the two, so that neither is stale. */
export function settingsTable({ settings }: Pick<SettingsDefinition<unknown>, 'settings'>): string {
  return `${[HEADER, ...settings.map(rowOf)].join('\n')}\n`;
}

function rowOf(setting: Setting): string {
  const { name, description, reader, defaultText, developmentDefaultText } = setting;
  const fallback = defaultText === undefined ? setting.presence : codeOf(defaultText);
  const developmentFallback = developmentDefaultText === undefined ? 'the same' : codeOf(developmentDefaultText);
  const cells = [`\`${name}\``, textOf(description), fallback, developmentFallback, textOf(reader.expected)];
  return `| ${cells.join(' | ')} |`;
}

/** A default that is the empty list. */
function codeOf(text: string): string {
  return text === '' ? 'empty' : `\`${text.replaceAll('|', '\\|')}\``;
}

/** A bar ends a cell, and `<` begins HTML, wherever they stand. */
function textOf(text: string): string {
  return text.replaceAll(/[|<*_]/g, '\\$&').replaceAll('\n', ' ');
}
