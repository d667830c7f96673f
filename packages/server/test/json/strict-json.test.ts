import { Buffer } from 'node:buffer';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { InvalidJsonError, parseStrictJson } from '../../src/json/strict-json.ts';
import { MAX_JSON_DEPTH, MAX_JSON_KEYS } from '../../src/limits.ts';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const plain: unknown = JSON.parse(text);
        // Generated texts may hold what is refused on purpose; those have their own cases below.
        fc.pre(!text.includes('__proto__') && !text.includes('\\u0000') && isPlain(plain));
        expect(parse(text)).toEqual(plain);
      }),
    );
  });

  const refused: Record<string, string> = {
    'a repeated key': '{"role":"user","role":"admin"}',
    'a repeated key in another spelling': '{"role":"user","r\\u006fle":"admin"}',
    'a repeated key further down': '{"a":[{"b":1,"b":2}]}',
    'a repeated key whose first value holds a colon': '{"a":"x:y","a":1}',
    'a repeated key after a value that ends in a backslash': String.raw`{"a":"\\","a":1}`,
    'a repeated key after a value that ends in two backslashes': String.raw`{"a":"\\\\","a":1}`,
    'a repeated key after a value that ends in a quote': String.raw`{"a":"\\\"","a":1}`,
    __proto__: '{"__proto__":{"isAdmin":true}}',
    '__proto__ in another spelling': '{"\\u005f_proto__":{"isAdmin":true}}',
    'constructor.prototype': '{"constructor":{"prototype":{"isAdmin":true}}}',
    'a lone surrogate': '{"a":"\\ud800"}',
    'a lone surrogate in a key': '{"\\udfff":1}',
    'a key with a quote': '{"a\\"b":1}',
    'a key with a backslash': '{"a\\\\b":1}',
    NUL: '{"a":"x\\u0000y"}',
    'a number beyond a double': '{"a":1e400}',
    'a negative number beyond a double': '[-1e400]',
    'an unfinished text': '{"a":',
    'a second value': '{} {}',
    'a trailing comma': '[1,]',
    'single quotes': "{'a':1}",
    'a comment': '{"a":1}// no',
    NaN: '[NaN]',
    'a byte order mark': '\uFEFF{}',
    'a raw control character': '{"a":"\n"}',
    'an unfinished string that ends in a backslash': '"\\',
    'nothing but space': '   ',
  };
  for (const [what, text] of Object.entries(refused)) {
    it(`SR-18: refuses ${what}`, () => {
      expect(() => parse(text)).toThrow(InvalidJsonError);
    });
  }

  it('SR-18: refuses bytes that are not UTF-8', () => {
    expect(() => parseStrictJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow(new InvalidJsonError('must be UTF-8'));
  });

  it('SR-18: takes the deepest nesting that is allowed and not one level more', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parse(nested(MAX_JSON_DEPTH))).not.toThrow();
    expect(() => parse(nested(MAX_JSON_DEPTH + 1))).toThrow('deeper');
    expect(() => parse(nested(20_000))).toThrow('deeper');
  });

  it('SR-18: takes as many keys as are allowed and not one more', () => {
    const withKeys = (count: number): string =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1])));
    expect(() => parse(withKeys(MAX_JSON_KEYS))).not.toThrow();
    expect(() => parse(withKeys(MAX_JSON_KEYS + 1))).toThrow('keys');
  });

  it('takes keys that only look dangerous', () => {
    expect(parse('{"constructor":"Lego","prototype":1,"toString":2}')).toEqual({
      constructor: 'Lego',
      prototype: 1,
      toString: 2,
    });
  });

  it('finds every duplicate that a generator can write', () => {
    const key = fc.stringMatching(/^[a-z":\\{}[\],]{0,6}$/);
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 5 }), fc.nat(), (keys, pick) => {
        fc.pre(!keys.includes('constructor'));
        const repeated = keys[pick % keys.length] ?? '';
        const members = [...keys, repeated].map((name) => `${JSON.stringify(name)}:"x:"`);
        expect(() => parse(`{${members.join(',')}}`)).toThrow(/repeat|quote/);
      }),
    );
  });

  it('SR-18: finds a repeated key that Node 26.10 reads as another one', () => {
    // Having read the key \\ after "a", it reads the key \" after "a" as \\ again.
    expect(JSON.parse('{"a":1,"\\\\":1}')).toEqual({ a: 1, '\\': 1 });
    expect(() => parse('{"a":1,"\\"":1,"\\"":2}')).toThrow(InvalidJsonError);
  });

  it('never says what it read', () => {
    const canary = 'c4n4ry';
    for (const text of [`{"${canary}":1,"${canary}":2}`, `["${canary}\\u0000"]`, `{"a":${canary}}`]) {
      try {
        parse(text);
        expect.unreachable();
      } catch (error) {
        expect(String(error)).not.toContain(canary);
      }
    }
  });
});

/** Neither a lone surrogate anywhere nor a key with a quote or a backslash. */
function isPlain(value: unknown): boolean {
  const keys: string[] = [];
  const text = JSON.stringify(value, function collect(this: unknown, key: string, member: unknown) {
    if (!Array.isArray(this)) keys.push(key);
    return member;
  });
  return text.isWellFormed() && !/\\ud[89a-f]/i.test(text) && !keys.some((key) => /["\\]/.test(key));
}
