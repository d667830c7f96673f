import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { defineSettings, portSetting, settingsTable } from '../src/index.ts';
import { exampleSettings } from './example-settings.ts';

describe('settingsTable', () => {
  const rows = settingsTable(exampleSettings).trimEnd().split('\n');

  it('has a row for each setting, NODE_ENV first', () => {
    const names = rows.slice(2).map((row) => row.split('|')[1]?.trim());
    expect(names).toEqual(exampleSettings.settings.map(({ name }) => `\`${name}\``));
    expect(names[0]).toBe('`NODE_ENV`');
  });

  it.each([
    '| `PORT` | Port to listen on | `3000` | the same | a whole number in plain digits (0 to 65535) |',
    '| `STORAGE` | Where state lives | `postgres` | `embedded` | postgres or embedded |',
    '| `DOCS_ENABLED` | Whether the reference page is served | `false` | the same | true or false |',
    '| `EXAMPLE_GREETING` | First words | `hello` | the same | text without spaces around it (2 to 40 characters) |',
  ])('states meaning, defaults and constraint: %s', (row) => {
    expect(rows).toContain(row);
  });

  it.each([
    ['SIGNING_KEY', 'required | `env://EXAMPLE_KEY`'],
    ['UPSTREAM_URL', 'optional | the same'],
    ['ALLOWED_ORIGINS', 'empty | the same'],
  ])('tells how %s can be absent: %s', (name, cells) => {
    expect(rows.find((row) => row.startsWith(`| \`${name}\``))).toContain(`| ${cells} |`);
  });

  it('keeps what is written in a cell inside it', () => {
    const schema = Type.Object({ PORT: portSetting({ description: 'a | b <b>\nc' }) });
    const table = settingsTable(defineSettings({ prefix: 'EXAMPLE_', schema }));
    expect(table).toContain('| a \\| b \\<b> c | required |');
  });
});
