import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseSecretReference, type SecretErrorCode, SecretError } from '../src/index.ts';
import { selectField } from '../src/select-field.ts';

const canary = randomBytes(16).toString('hex');
const whole = parseSecretReference('aws-sm://name');
const field = parseSecretReference('aws-sm://name#password');

function outcomeOf(text: string): unknown {
  try {
    return selectField(field, text);
  } catch (error) {
    return error;
  }
}

const bad: readonly (readonly [string, string, SecretErrorCode])[] = [
  ['text that is no JSON', canary, 'not-json'],
  ['half an object', `{"password":"${canary}`, 'not-json'],
  ['a text of JSON', `"${canary}"`, 'not-json'],
  ['a list', `["${canary}"]`, 'not-json'],
  ['null', 'null', 'not-json'],
  ['an object without the field', `{"pass":"${canary}"}`, 'field-missing'],
  ['a field that objects inherit', `{"__proto__":{"password":"${canary}"}}`, 'field-missing'],
  ['a number', `{"password":1,"other":"${canary}"}`, 'field-missing'],
  ['an object in the field', `{"password":{"value":"${canary}"}}`, 'field-missing'],
  ['null in the field', `{"password":null,"other":"${canary}"}`, 'field-missing'],
  ['an empty field', `{"password":"","other":"${canary}"}`, 'empty'],
  ['a field of white space', `{"password":" \\n","other":"${canary}"}`, 'empty'],
];

describe('selectField', () => {
  it('gives the whole text where no field is asked for', () => {
    expect(selectField(whole, ` ${canary}\n`)).toBe(` ${canary}\n`);
  });

  it('gives the field as it is', () => {
    expect(selectField(field, `{"username":"app","password":" ${canary}"}`)).toBe(` ${canary}`);
  });

  it.each(bad)('SR-51: refuses %s, and shows nothing of it', (_what, text, code) => {
    const error = outcomeOf(text);
    expect(error).toBeInstanceOf(SecretError);
    expect(error).toMatchObject({ code });
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(canary);
  });
});
