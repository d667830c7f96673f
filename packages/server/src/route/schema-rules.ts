/** A JSON schema as it comes from TypeBox. */
type JsonSchema = Readonly<Record<string, unknown>>;

/** A place in a schema that leaves an input open, and the line that closes it. */
export interface SchemaFault {
  /** Path inside the schema, such as `body.items.name`. */
  readonly path: string;
  readonly rule: string;
  readonly fix: string;
}

/** Formats whose texts have a bounded length by definition. */
const BOUNDED_FORMATS = new Set(['uuid', 'date', 'time', 'date-time', 'ipv4', 'ipv6']);

/** Keywords that combine schemas: each member is held to the same rules. */
const UNIONS = ['anyOf', 'oneOf'] as const;

/**
 * Finds what a schema leaves unbounded: an open object, a string without a length, an array without a length, a number
 * without bounds, a schema that says nothing (SR-16). Returns an empty list when every input is bounded.
 */
export function findOpenSchemas(schema: unknown, path: string): SchemaFault[] {
  if (!isSchema(schema)) return [{ path, rule: 'is not a schema', fix: 'write a TypeBox schema' }];
  if ('const' in schema || Array.isArray(schema['enum'])) return [];
  for (const union of UNIONS) {
    const members = schema[union];
    if (Array.isArray(members))
      return members.flatMap((member, index) => findOpenSchemas(member, `${path}.${union}[${index}]`));
  }
  if ('allOf' in schema)
    return [
      {
        path,
        rule: 'is an intersection, which cannot be closed',
        fix: 'use Type.Composite([ … ], { additionalProperties: false })',
      },
    ];
  return findOpenType(schema, path);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

function findOpenType(schema: JsonSchema, path: string): SchemaFault[] {
  switch (schema['type']) {
    case 'object':
      return findOpenObject(schema, path);
    case 'array':
      return findOpenArray(schema, path);
    case 'string':
      return findOpenString(schema, path);
    case 'number':
    case 'integer':
      return findOpenNumber(schema, path);
    case 'boolean':
    case 'null':
      return [];
    default:
      return [{ path, rule: 'accepts anything', fix: 'name a type: Type.Object, Type.String, Type.Integer, …' }];
  }
}

function findOpenObject(schema: JsonSchema, path: string): SchemaFault[] {
  const faults: SchemaFault[] = [];
  if (schema['additionalProperties'] !== false) {
    faults.push({ path, rule: 'is an open object', fix: 'add { additionalProperties: false }' });
  }
  if (schema['patternProperties'] !== undefined && schema['maxProperties'] === undefined) {
    faults.push({ path, rule: 'is a record without a bound', fix: 'add { maxProperties: … }' });
  }
  for (const keyword of ['properties', 'patternProperties']) {
    for (const [name, property] of Object.entries(schema[keyword] ?? {})) {
      faults.push(...findOpenSchemas(property, `${path}.${name}`));
    }
  }
  return faults;
}

function findOpenArray(schema: JsonSchema, path: string): SchemaFault[] {
  const faults: SchemaFault[] = [];
  if (schema['maxItems'] === undefined)
    faults.push({ path, rule: 'is an unbounded array', fix: 'add { maxItems: … }' });
  const items = schema['items'];
  const members = Array.isArray(items) ? items : [items];
  for (const member of members) faults.push(...findOpenSchemas(member, `${path}[]`));
  return faults;
}

function findOpenString(schema: JsonSchema, path: string): SchemaFault[] {
  if (schema['maxLength'] !== undefined) return [];
  if (typeof schema['format'] === 'string' && BOUNDED_FORMATS.has(schema['format'])) return [];
  return [{ path, rule: 'is an unbounded string', fix: 'add { maxLength: … }' }];
}

function findOpenNumber(schema: JsonSchema, path: string): SchemaFault[] {
  const bounded = hasBound(schema, 'minimum', 'exclusiveMinimum') && hasBound(schema, 'maximum', 'exclusiveMaximum');
  return bounded ? [] : [{ path, rule: 'is an unbounded number', fix: 'add { minimum: …, maximum: … }' }];
}

function hasBound(schema: JsonSchema, inclusive: string, exclusive: string): boolean {
  return schema[inclusive] !== undefined || schema[exclusive] !== undefined;
}
