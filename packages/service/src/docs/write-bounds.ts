/** Characters of texts whose format bounds them; a reader of the document does not know that. */
const LENGTHS_OF_FORMATS: Readonly<Record<string, number>> = { uuid: 36, 'date-time': 35, date: 10 };

/** The largest number of 32 bits. */
export const INT32_MAX = 2 ** 31 - 1;

/** Writes the bounds of each schema in full, however deep it is. */
export function withBounds(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withBounds);
  if (typeof part !== 'object' || part === null) return part;
  const bounded = mapValues(part as Record<string, unknown>, withBounds);
  return { ...bounded, ...boundsOf(bounded) };
}

function boundsOf({ type, format, maxLength, minimum, maximum }: Record<string, unknown>): object {
  if (type === 'string' && maxLength === undefined && typeof format === 'string') {
    const length = LENGTHS_OF_FORMATS[format];
    return length === undefined ? {} : { maxLength: length };
  }
  if (type !== 'integer' || format !== undefined) return {};
  const fits = Number(minimum) >= -INT32_MAX && Number(maximum) <= INT32_MAX;
  return { format: fits ? 'int32' : 'int64' };
}

/** The same record with each value mapped. */
export function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value, name: string) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
