import { KindGuard, type TSchema } from '@sinclair/typebox';
import { readerOf } from './readers.ts';
import type { Reader } from './reading.ts';

/** One setting, ready to be read: its schema, understood once. */
export interface Setting {
  /** Name of the environment variable. */
  readonly name: string;
  /** What it means, for the settings table. */
  readonly description: string;
  readonly reader: Reader;
  readonly presence: 'required' | 'optional';
  /** Only a list can be written as an empty text. */
  readonly shape: 'single' | 'list';
  /** The text that is read when the variable is absent; undefined where the setting has none. */
  readonly defaultText: string | undefined;
  /** The same, where development has another default than production. */
  readonly developmentDefaultText: string | undefined;
}

/** A default as a schema writes it: the typed value, or the text of what is made from text. */
type DefaultValue = string | number | boolean | readonly string[];

/** What a settings schema says beside its type. `developmentDefault` is this package's own keyword. */
interface Annotations {
  readonly description?: string;
  readonly default?: DefaultValue;
  readonly developmentDefault?: DefaultValue;
}

/** Names as shells, container tools and Kubernetes all accept them. */
const SETTING_NAME = /^[A-Z][A-Z0-9_]*$/;

/**
 * Understands one property of a settings schema.
 *
 * @throws {TypeError} for a name, kind, description or default that the schema should not have.
 */
export function createSetting(name: string, schema: TSchema): Setting {
  const annotations: Annotations = schema;
  const { description, default: fallback, developmentDefault } = annotations;
  if (!SETTING_NAME.test(name)) throw new TypeError(`Setting ${name}: write its name in capitals, digits and _`);
  if (description === undefined || description === '') throw new TypeError(`Setting ${name}: describe it`);
  const reader = readerFor(name, schema);
  return Object.freeze({
    name,
    description,
    reader,
    presence: KindGuard.IsOptional(schema) ? 'optional' : 'required',
    shape: KindGuard.IsArray(schema) ? 'list' : 'single',
    defaultText: textOfDefault(name, reader, fallback),
    developmentDefaultText: textOfDefault(name, reader, developmentDefault),
  });
}

function readerFor(name: string, schema: TSchema): Reader {
  try {
    return readerOf(schema);
  } catch (error) {
    throw new TypeError(`Setting ${name}: no text can be read by its schema`, { cause: error });
  }
}

/** A default is turned into text and read as any value is: it obeys the same schema. */
function textOfDefault(name: string, reader: Reader, value: DefaultValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  if (!('value' in reader.read(text))) throw new TypeError(`Setting ${name}: its default is not ${reader.expected}`);
  return text;
}
