import {
  KindGuard,
  type TArray,
  type TInteger,
  type TNumber,
  type TSchema,
  type TString,
  Type,
} from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { cidrFormat } from './formats/cidr.ts';
import { hostFormat } from './formats/host.ts';
import { originFormat } from './formats/origin.ts';
import { secretReferenceFormat } from './formats/secret-reference.ts';
import { urlFormat } from './formats/url.ts';
import { type Reader, malformed, wellFormed } from './reading.ts';

/** `-7`, `0`, `42`; not `05`, `+5`, `1e3`, `0x10`, `5.0` or ` 5`, which mean different numbers to different readers. */
const CANONICAL_INTEGER = /^(?:0|-?[1-9]\d{0,15})$/;

/** `0`, `0.25`, `-1.5`; not `.5`, `1.`, `1e-1` or `05`. */
const PLAIN_DECIMAL = /^-?(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/;

/** What a URL begins with when its schema names no `protocols`. */
const WEB_PROTOCOLS = ['https:', 'http:'] as const;

/** No value that a person writes has control characters; a value that has them was truncated, pasted or injected. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * Makes the reader of a setting from its schema: numbers, booleans, strings with or without a format, literals, unions
 * of literals, and arrays of those.
 *
 * @throws {TypeError} for a schema that no text can be read by.
 */
export function readerOf(schema: TSchema): Reader {
  if (KindGuard.IsArray(schema)) return listReader(schema);
  if (KindGuard.IsInteger(schema)) return integerReader(schema);
  if (KindGuard.IsNumber(schema)) return decimalReader(schema);
  if (KindGuard.IsBoolean(schema)) return choiceReader([true, false]);
  if (KindGuard.IsString(schema)) return schema.format === undefined ? textReader(schema) : formatReader(schema);
  return choiceReader(literalsOf(schema));
}

function integerReader(schema: TInteger): Reader {
  return {
    expected: `a whole number in plain digits${bounds(schema.minimum, schema.maximum)}`,
    read(text) {
      const value = CANONICAL_INTEGER.test(text) ? Number(text) : Number.NaN;
      return Number.isSafeInteger(value) && Value.Check(schema, value) ? wellFormed(value) : malformed();
    },
  };
}

function decimalReader(schema: TNumber): Reader {
  return {
    expected: `a decimal number in plain digits${bounds(schema.minimum, schema.maximum)}`,
    read(text) {
      const value = PLAIN_DECIMAL.test(text) ? Number(text) : Number.NaN;
      return Value.Check(schema, value) ? wellFormed(value) : malformed();
    },
  };
}

function textReader(schema: TString): Reader {
  const pattern = schema.pattern === undefined ? '' : `, matching ${schema.pattern}`;
  return {
    expected: `text without spaces around it${bounds(schema.minLength ?? 1, schema.maxLength, ' characters')}${pattern}`,
    read: (text) => (isTidy(text) && Value.Check(schema, text) ? wellFormed(text) : malformed()),
  };
}

function formatReader({ format, ['protocols']: protocols }: TString): Reader {
  switch (format) {
    case 'origin':
      return originFormat;
    case 'url':
      return urlFormat((protocols as readonly string[] | undefined) ?? WEB_PROTOCOLS);
    case 'host':
      return hostFormat;
    case 'cidr':
      return cidrFormat;
    case 'secret-reference':
      return secretReferenceFormat;
    default:
      throw new TypeError(`No reader for strings of format ${format}; the formats are in src/formats`);
  }
}

/** Literals are compared as text, so that `true` and `1` are read as the schema has them. */
function choiceReader(choices: readonly unknown[]): Reader {
  const values = new Map(choices.map((choice) => [String(choice), choice]));
  return {
    expected: joinChoices([...values.keys()]),
    read: (text) => (values.has(text) ? wellFormed(values.get(text)) : malformed()),
  };
}

/** `a`, `a or b`, `a, b, or c`. Intl.ListFormat writes the same, and its data take a start 6 ms to read. */
function joinChoices(choices: readonly string[]): string {
  const last = choices.at(-1) ?? '';
  if (choices.length < 3) return choices.join(' or ');
  return `${choices.slice(0, -1).join(', ')}, or ${last}`;
}

function literalsOf(schema: TSchema): readonly unknown[] {
  const members: readonly TSchema[] = KindGuard.IsUnion(schema) ? schema.anyOf : [schema];
  if (!members.every((member) => KindGuard.IsLiteral(member))) {
    throw new TypeError('A setting is a number, a boolean, a string, a union of literals, or an array of those');
  }
  return members.map((member) => member.const);
}

/** An empty text is the empty list; an empty item is a comma too many, and no reader takes it. */
function listReader(schema: TArray): Reader {
  if (KindGuard.IsArray(schema.items)) throw new TypeError('A list of lists cannot be written in one variable');
  const item = readerOf(schema.items);
  const constraints = { ...schema, items: Type.Unknown() };
  return {
    expected: `a comma-separated list${bounds(schema.minItems, schema.maxItems, ' items')}; each item: ${item.expected}`,
    read(text) {
      const parts = text === '' ? [] : text.split(',');
      const values: unknown[] = [];
      for (const part of parts) {
        const reading = item.read(part.trim());
        if (!('value' in reading)) return reading;
        values.push(reading.value);
      }
      return Value.Check(constraints, values) ? wellFormed(values) : malformed();
    },
  };
}

function isTidy(text: string): boolean {
  return text.trim() === text && !CONTROL_CHARACTER.test(text);
}

function bounds(minimum: number | undefined, maximum: number | undefined, unit = ''): string {
  if (minimum !== undefined && maximum !== undefined) return ` (${minimum} to ${maximum}${unit})`;
  if (minimum !== undefined) return ` (at least ${minimum}${unit})`;
  return maximum === undefined ? '' : ` (at most ${maximum}${unit})`;
}
