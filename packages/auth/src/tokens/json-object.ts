/** A text of JSON is read as UTF-8 and nothing else; a byte order mark is not part of it (RFC 8259, section 8.1). */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Every string of a JSON text, with the colon that makes it a key. */
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * Reads the JSON object of a token's header or payload. `undefined` for anything else, and for an object that names a
 * member twice, which two parsers read in two ways (RFC 7519, section 4). The members come back in a `Map`: no name
 * reaches a prototype.
 */
export function parseJsonObject(bytes: Uint8Array): ReadonlyMap<string, unknown> | undefined {
  const text = decode(bytes);
  const value = text === undefined ? undefined : parse(text);
  if (text === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return countWrittenKeys(text) === countKeys(value) ? new Map(Object.entries(value)) : undefined;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined; // the caller refuses the token
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller refuses the token; the parser's message would quote it
  }
}

/** The text is known to be JSON, so each quotation mark that opens a string is found by reading strings in turn. */
function countWrittenKeys(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(STRING)) if (colon !== undefined) count += 1;
  return count;
}

/** A repeated key was written twice and is kept once. The size of a token bounds the depth. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce<number>((sum, member) => sum + countKeys(member), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}
