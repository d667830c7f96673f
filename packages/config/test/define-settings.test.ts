import { type TSchema, Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { choiceSetting, cidrListSetting, defineSettings, loadSettings, portSetting } from '../src/index.ts';

const description = 'what it means';

const badSchemas: readonly (readonly [what: string, name: string, schema: TSchema])[] = [
  ['no description', 'PORT', Type.Integer()],
  ['a name in small letters', 'port', Type.Integer({ description })],
  ['a prototype key as name', '__PROTO__-', Type.Integer({ description })],
  ['a date, which no text of an environment is', 'SINCE', Type.Date({ description })],
  ['an object', 'THING', Type.Object({}, { description })],
  ['a union with more than literals', 'EITHER', Type.Union([Type.Literal('a'), Type.Integer()], { description })],
  ['a list of lists', 'TABLE', Type.Array(Type.Array(Type.String()), { description })],
  ['an unknown format', 'MAIL', Type.String({ description, format: 'email' })],
  ['a default out of bounds', 'PORT', portSetting({ description, default: 70_000 })],
  ['a default of another type', 'FLAG', Type.Boolean({ description, default: 'yes' })],
  [
    'a development default that is malformed',
    'PROXIES',
    cidrListSetting({ description, developmentDefault: ['true'] }),
  ],
];

describe('defineSettings', () => {
  it.each(badSchemas)('refuses %s as a mistake of our own code', (_what, name, schema) => {
    const define = (): unknown => defineSettings({ prefix: 'EXAMPLE_', schema: Type.Object({ [name]: schema }) });
    expect(define).toThrow(TypeError);
    expect(define).toThrow(name);
  });

  it.each(['EXAMPLE_', 'EXAMPLE_2_', 'AN_EXAMPLE_'])('takes the prefix %j', (prefix) => {
    expect(defineSettings({ prefix, schema: Type.Object({}) }).prefix).toBe(prefix);
  });

  it.each(['', '_', 'EXAMPLE', 'example_', 'EXAMPLE__', '_EXAMPLE_'])('refuses the prefix %j', (prefix) => {
    expect(() => defineSettings({ prefix, schema: Type.Object({}) })).toThrow(TypeError);
  });

  it('SR-53: adds NODE_ENV itself, and lets no schema replace it', () => {
    expect(loadSettings(defineSettings({ prefix: 'EXAMPLE_', schema: Type.Object({}) }), {})).toEqual({
      NODE_ENV: 'production',
    });
    const schema = Type.Object({ NODE_ENV: choiceSetting(['test'], { description, default: 'test' }) });
    expect(() => defineSettings({ prefix: 'EXAMPLE_', schema })).toThrow(TypeError);
  });

  it('takes a choice of one', () => {
    const schema = Type.Object({ MODE: choiceSetting(['only'], { description, default: 'only' }) });
    expect(loadSettings(defineSettings({ prefix: 'EXAMPLE_', schema }), {}).MODE).toBe('only');
  });
});
