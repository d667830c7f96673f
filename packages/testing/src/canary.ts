import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';

/** A text that stands nowhere else, to be looked for where no secret may be. */
export function createCanary(): string {
  return randomBytes(24).toString('hex');
}

/** The shapes in which a canary may have been written: itself, in hexadecimal, or anywhere inside base64. */
export function formsOf(canary: string): readonly string[] {
  const bytes = Buffer.from(canary);
  const hexadecimal = bytes.toString('hex');
  const spaced = hexadecimal.match(/../g) ?? [];
  return [
    canary,
    hexadecimal,
    spaced.slice(0, SHOWN_BYTES).join(' '),
    ...[0, 1, 2].flatMap((at) => inBase64(bytes, at)),
  ];
}

/** How many of a canary's bytes are looked for where `util.inspect` may have left off a buffer. */
const SHOWN_BYTES = 12;

/** Three bytes are four letters: what stands before the canary moves it, and the letters at its ends are shared. */
function inBase64(bytes: Buffer, offset: number): string[] {
  const inner = bytes.subarray((3 - offset) % 3);
  const whole = inner.subarray(0, inner.length - (inner.length % 3));
  return [...new Set([whole.toString('base64'), whole.toString('base64url')])];
}

/**
 * Where a canary can be reached from a value: through properties that are not enumerable or not text, causes, maps,
 * sets and bytes. Empty: nowhere.
 */
export function pathsToCanary(value: unknown, canary: string): readonly string[] {
  const forms = formsOf(canary);
  const seen = new Set<unknown>();
  const found: string[] = [];
  const waiting: (readonly [string, unknown])[] = [['value', value]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [path, part] = next;
    if (shows(part, forms)) found.push(path);
    if (!isObject(part) || seen.has(part)) continue;
    seen.add(part);
    waiting.push(...childrenOf(part).map(([name, child]) => [`${path}.${name}`, child] as const));
  }
  return found;
}

function isObject(part: unknown): part is object {
  return typeof part === 'function' || (typeof part === 'object' && part !== null);
}

function shows(part: unknown, forms: readonly string[]): boolean {
  const text = ArrayBuffer.isView(part)
    ? Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1')
    : part;
  return typeof text === 'string' && forms.some((form) => text.includes(form));
}

function childrenOf(parent: object): (readonly [string, unknown])[] {
  if (ArrayBuffer.isView(parent)) return [];
  const own = Reflect.ownKeys(parent).map((key) => [String(key), valueOf(parent, key)] as const);
  const names = own.map(([name]) => name);
  const items: unknown[] = parent instanceof Map ? [...parent].flat() : parent instanceof Set ? [...parent] : [];
  return [...own, ...[...names, ...items].map(item)];
}

function item(value: unknown): readonly [string, unknown] {
  return ['(item)', value];
}

function valueOf(parent: object, key: string | symbol): unknown {
  try {
    return Reflect.get(parent, key) as unknown;
  } catch {
    // A getter that throws gives nobody anything.
    return undefined;
  }
}
