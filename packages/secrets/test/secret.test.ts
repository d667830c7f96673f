import { Buffer } from 'node:buffer';
import { Console } from 'node:console';
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { REDACTED, Secret } from '../src/index.ts';

const canary = randomBytes(24).toString('hex');
const secret = Secret.of(canary);

/** What a stream received while `write` ran. */
function capture(write: (stream: Writable) => void): string {
  let text = '';
  const stream = new Writable({
    write(chunk: unknown, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  write(stream);
  return text;
}

function errorWith(cause: unknown): Error {
  return new Error(`cannot sign with ${String(cause)}`, { cause });
}

const printings: readonly (readonly [string, () => unknown])[] = [
  ['String()', () => String(secret)],
  ['a template literal', () => `${secret.toString()} ${String(secret)}`],
  ['concatenation', () => 'key: '.concat(secret as unknown as string)],
  ['an array joined', () => [secret, [secret]].join()],
  ['toLocaleString', () => secret.toLocaleString()],
  ['JSON.stringify', () => JSON.stringify(secret)],
  ['JSON.stringify of nested values', () => JSON.stringify({ a: [{ secret }], b: new Map([[secret, secret]]) })],
  ['util.inspect', () => inspect(secret)],
  [
    'util.inspect with everything shown',
    () => inspect({ secret }, { showHidden: true, depth: Infinity, getters: true }),
  ],
  [
    'util.inspect without custom printers',
    () => inspect(secret, { customInspect: false, showHidden: true, showProxy: true }),
  ],
  ['util.inspect of a proxy', () => inspect(new Proxy(secret, {}), { customInspect: false, showProxy: true })],
  ['util.inspect of a map, a set and a getter', () => inspect([new Map([[secret, secret]]), new Set([secret])])],
  ['util.format %s', () => format('%s', secret)],
  ['util.format %d %i %f', () => format('%d %i %f', secret, secret, secret)],
  ['util.format %o', () => format('%o', secret)],
  ['util.format %O', () => format('%O', { secret })],
  ['util.format %j', () => format('%j', { secret })],
  [
    'console.log, console.dir and console.table',
    () =>
      capture((stdout) => {
        const console = new Console({ stdout });
        console.log(secret, { secret });
        console.dir({ secret }, { showHidden: true });
        console.table([{ secret }]);
      }),
  ],
  ['an error message', () => errorWith(secret).message],
  ['an error inspected with its cause', () => inspect(errorWith(secret), { showHidden: true, depth: Infinity })],
  ['an error property', () => inspect(Object.assign(new Error('x'), { secret }), { showHidden: true })],
  [
    'a pino line',
    () =>
      capture((stream) => {
        const logger = pino({ level: 'trace' }, stream);
        logger.info(
          { secret, nested: { deep: [secret] }, err: errorWith(secret) },
          'with %s and %o and %j',
          secret,
          secret,
          secret,
        );
        logger.child({ secret }).info(secret);
      }),
  ],
  ['structuredClone', () => inspect(structuredClone({ secret }), { showHidden: true, depth: Infinity })],
  ['v8.serialize', () => `${serialize({ secret }).toString('latin1')}${inspect(deserialize(serialize(secret)))}`],
  [
    'Object.keys, entries and values',
    () => inspect([Object.keys(secret), Object.entries(secret), Object.values(secret)]),
  ],
  // oxlint-disable-next-line typescript/no-misused-spread -- what the spread loses is what is tested
  ['spread and Object.assign', () => inspect([{ ...secret }, Object.assign({}, secret)], { showHidden: true })],
  ['for … in and Reflect.ownKeys', () => inspect([Reflect.ownKeys(secret), Object.getOwnPropertyDescriptors(secret)])],
  ['URL parameters', () => new URLSearchParams({ key: secret as unknown as string }).toString()],
  [
    'the source of its class and prototype',
    () => inspect([Secret.toString(), Object.getPrototypeOf(secret)], { showHidden: true }),
  ],
];

describe('Secret', () => {
  it.each(printings)('SR-51: %s never shows the value', (_way, print) => {
    const printed = inspect(print(), { maxStringLength: Infinity });
    expect(printed).not.toContain(canary);
    expect(printed).not.toContain(Buffer.from(canary).toString('base64').slice(0, 40));
  });

  it.each([
    ['String()', String(secret)],
    ['JSON.stringify', JSON.parse(JSON.stringify(secret))],
    ['util.inspect', inspect(secret)],
    ['util.format %s', format('%s', secret)],
  ])('SR-51: %s prints [redacted]', (_way, printed) => {
    expect(printed).toBe(REDACTED);
  });

  it('SR-51: a number made of it is NaN, never the digits of the value', () => {
    expect(Number(Secret.of(12345))).toBeNaN();
  });

  it('SR-51: neither an assignment nor an heir gets at the value', () => {
    expect(() => Object.assign(secret, { toString: () => 'replaced' })).toThrow(TypeError);
    expect(() => (Object.create(secret) as Secret).expose()).toThrow(TypeError);
  });

  it('gives the value back when asked by name', () => {
    const key = { raw: new Uint8Array([1, 2, 3]) };
    expect(secret.expose()).toBe(canary);
    expect(Secret.of(key).expose()).toBe(key);
  });
});
