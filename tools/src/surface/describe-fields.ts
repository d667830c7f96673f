import type { SurfaceField } from './surface.ts';

/** A JSON schema, as far as it is looked into here. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema | readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly [keyword: string]: unknown;
}

type Field = Omit<SurfaceField, 'route'>;

const PARTS = ['params', 'querystring', 'headers', 'body'] as const;

/** The keywords that bound each type from below and from above. */
const BOUNDS: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  string: [['minLength'], ['maxLength']],
  integer: [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ],
  number: [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ],
  array: [['minItems'], ['maxItems']],
};

/** Every value that a route takes, one for each field of its parameters, query, headers and body, however deep. */
export function describeFields(schema: object): readonly Field[] {
  const parts = schema as Readonly<Partial<Record<(typeof PARTS)[number], Schema>>>;
  return PARTS.flatMap((part) => fieldsOf(parts[part], part, 'required'));
}

function fieldsOf(schema: Schema | undefined, field: string, presence: Field['presence']): readonly Field[] {
  if (schema === undefined || schema.type === 'null') return [];
  if (schema.type === 'object') return membersOf(schema, field);
  const own = { field, presence, bounds: describeBounds(schema) };
  if (schema.type !== 'array') return [own];
  const items = [schema.items ?? {}].flat() as readonly Schema[];
  return [own, ...items.flatMap((item) => fieldsOf(item, `${field}[]`, 'required'))];
}

function membersOf({ properties = {}, patternProperties = {}, required = [] }: Schema, field: string) {
  const named = Object.entries(properties).flatMap(([name, member]) =>
    fieldsOf(
      member,
      `${field}.${name}`,
      required.includes(name) && member.default === undefined ? 'required' : 'optional',
    ),
  );
  const matched = Object.entries(patternProperties).flatMap(([pattern, member]) =>
    fieldsOf(member, `${field}.{${pattern}}`, 'optional'),
  );
  return [...named, ...matched];
}

/** `string 3..254, format email`, `integer 18..120`, `one of user, admin`; what may be of several kinds lists them. */
function describeBounds(schema: Schema): string {
  const members = schema.anyOf ?? schema.oneOf;
  if (members !== undefined) return members.map(describeBounds).join(' or ');
  if ('const' in schema) return `one of ${String(schema.const)}`;
  if (schema.enum !== undefined) return `one of ${schema.enum.map(String).join(', ')}`;
  const { type = 'anything', format, pattern } = schema;
  return [
    `${type}${rangeOf(schema)}`,
    ...(format === undefined ? [] : [`format ${format}`]),
    ...(pattern === undefined ? [] : [`pattern ${pattern}`]),
  ].join(', ');
}

function rangeOf(schema: Schema): string {
  const [lower = [], upper = []] = BOUNDS[schema.type ?? ''] ?? [];
  const at = (keywords: readonly string[]): string => {
    const found = keywords.map((keyword) => schema[keyword]).find((bound) => bound !== undefined);
    return typeof found === 'number' ? String(found) : '';
  };
  const range = `${at(lower)}..${at(upper)}`;
  return range === '..' ? '' : ` ${range}`;
}
