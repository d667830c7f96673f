import { Buffer } from 'node:buffer';

import { beforeAll, describe, expect, it } from 'vitest';

import { type Bench, createBench, createForge, type Forge, refusalOf } from './forge.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let forge: Forge;
let bench: Bench;
let token: string;
beforeAll(async () => {
  forge = await createForge();
  bench = createBench([forge.key]);
  token = forge.sign(forge.header(), forge.claims());
});

describe('encoding attacks on access tokens', () => {
  const foreign = [
    ' ',
    '\t',
    '\n',
    '\r',
    '\0',
    '=',
    '+',
    '/',
    '.',
    '%',
    '"',
    '\u00A0',
    '\u2028',
    '\uFEFF',
    '\uFF21',
    '\uD800',
  ];
  it.each(foreign)('SR-5: one %j more, at any position, is refused by its form', async (character) => {
    const reasons = new Set<string>();
    for (let position = 0; position <= token.length; position += 1) {
      reasons.add(await refusalOf(bench.verifier, token.slice(0, position) + character + token.slice(position)));
    }
    expect([...reasons]).toStrictEqual(['segments']);
  });

  it('SR-5: one character of the alphabet more, or one less, at any position, is refused', async () => {
    const refusals: string[] = [];
    for (let position = 0; position < token.length; position += 1) {
      for (const middle of [`A${token.charAt(position)}`, `-${token.charAt(position)}`, '']) {
        const changed = token.slice(0, position) + middle + token.slice(position + 1);
        refusals.push(await refusalOf(bench.verifier, changed));
      }
    }
    expect(refusals).toHaveLength(3 * token.length);
  });

  it('SR-5: padding on any segment is refused', async () => {
    for (const padding of ['=', '==', '===']) {
      for (const which of [0, 1, 2]) {
        const segments = token.split('.');
        await expect(
          refusalOf(bench.verifier, segments.with(which, `${segments[which] ?? ''}${padding}`).join('.')),
        ).resolves.toBe('segments');
      }
    }
  });

  it('SR-5: unused bits in the last character of any segment are refused, though they decode alike', async () => {
    let spellings = 0;
    // Lengths vary with the spaces that JSON allows, so that every remainder of three occurs in each segment.
    for (const spaces of ['', ' ', '  ']) {
      const good = forge.sign(JSON.stringify(forge.header()) + spaces, JSON.stringify(forge.claims()) + spaces);
      await expect(bench.verifier.verify(good)).resolves.toHaveProperty('role', 'user');
      for (const which of [0, 1, 2]) {
        for (const other of otherSpellings(good.split('.')[which] ?? '')) {
          spellings += 1;
          await expect(refusalOf(bench.verifier, good.split('.').with(which, other).join('.'))).resolves.toBe(
            'encoding',
          );
        }
      }
    }
    expect(spellings).toBeGreaterThan(30);
  });

  it('SR-5: a signature with unused bits is refused also after the token itself was proven and remembered', async () => {
    await bench.verifier.verify(token);
    const [header = '', payload = '', signature = ''] = token.split('.');
    for (const other of otherSpellings(signature)) {
      await expect(refusalOf(bench.verifier, `${header}.${payload}.${other}`)).resolves.toBe('encoding');
    }
  });

  it.each(['', '.', '..', '...', 'a', 'a.b', 'a.b.c.d', '.a.b', 'a..b', 'a.b.', 'AAAA.AAAA.AAAA.AAAA.AAAA'])(
    'SR-5: the text %j is refused: it has not three segments',
    async (text) => {
      await expect(refusalOf(bench.verifier, text)).resolves.toBe('segments');
    },
  );

  it.each(['a.b.c', 'AB.AA.AA'])('SR-5: the text %j is refused: it encodes nothing', async (text) => {
    await expect(refusalOf(bench.verifier, text)).resolves.toBe('encoding');
  });

  it('SR-5: JSON serialisations of the same token are refused', async () => {
    const [header, payload, signature] = token.split('.');
    const flattened = { protected: header, payload, signature };
    const general = { payload, signatures: [{ protected: header, signature }] };
    for (const form of [flattened, general]) {
      await expect(refusalOf(bench.verifier, JSON.stringify(form))).resolves.toBe('segments');
    }
  });

  it('SR-5: a token of 4096 bytes is read, one of 4097 is not', async () => {
    const empty = forge.sign(forge.header(), forge.claims({ jti: 'a', more: '' })).length;
    const grown = (bytes: number) => forge.sign(forge.header(), forge.claims({ jti: 'a', more: 'x'.repeat(bytes) }));
    const room = Math.floor(((4096 - empty) * 3) / 4);
    const sizes = [room - 1, room, room + 1, room + 2].map(grown);
    expect(sizes.map(({ length }) => length)).toContain(4096);
    for (const candidate of sizes) {
      if (candidate.length <= 4096) await expect(bench.verifier.verify(candidate)).resolves.toHaveProperty('jti', 'a');
      else await expect(refusalOf(bench.verifier, candidate)).resolves.toBe('size');
    }
  });

  it('SR-5: a megabyte is refused by its size', async () => {
    await expect(refusalOf(bench.verifier, 'A'.repeat(1_048_576))).resolves.toBe('size');
  });

  const headerTexts: Record<string, (good: string) => string> = {
    'alg twice': (good) => good.replace('{', '{"alg":"none",'),
    'alg twice, the good one first': (good) => good.replace('}', ',"alg":"none"}'),
    'alg twice, one escaped': (good) => good.replace('{', String.raw`{"\u0061lg":"none",`),
    'kid twice with a space before the colon': (good) => good.replace('{', '{"kid" :"x",'),
    'an array': (good) => `[${good}]`,
    'a string': (good) => JSON.stringify(good),
    null: () => 'null',
    'no JSON': () => '{',
    'text after': (good) => `${good}x`,
    'a comment': (good) => `/**/${good}`,
    'a byte order mark': (good) => `\uFEFF${good}`,
    __proto__: (good) => good.replace('{', '{"__proto__":{"alg":"ES256"},'),
    'deep nesting': (good) => good.replace('{', `{"a":${'['.repeat(1200)}${']'.repeat(1200)},`),
  };
  it.each(Object.entries(headerTexts))('SR-5: a header with %s is refused', async (_name, change) => {
    const text = change(JSON.stringify(forge.header()));
    await expect(refusalOf(bench.verifier, forge.sign(text, forge.claims()))).resolves.toBe('header');
  });

  const payloadTexts: Record<string, (good: string) => string | Buffer> = {
    'role twice': (good) => good.replace('{', '{"role":"admin",'),
    'role twice, the better one last': (good) => good.replace('}', ',"role":"admin"}'),
    'role twice, one escaped': (good) => good.replace('{', String.raw`{"\u0072ole":"admin",`),
    'a key twice further down': (good) => good.replace('{', '{"act":{"sub":"a","sub":"b"},'),
    'an array': (good) => `[${good}]`,
    null: () => 'null',
    'nothing but a space': () => ' ',
    'no JSON': (good) => good.slice(0, -1),
    'text after': (good) => `${good}{}`,
    'a byte order mark': (good) => `\uFEFF${good}`,
    'bytes that are not UTF-8': (good) =>
      Buffer.concat([Buffer.from(good.replace('}', ',"x":"')), Buffer.from([0xff]), Buffer.from('"}')]),
    'an overlong form of UTF-8': (good) =>
      Buffer.concat([Buffer.from(good.replace('}', ',"x":"')), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    'UTF-16': (good) => Buffer.from(good, 'utf16le'),
  };
  it.each(Object.entries(payloadTexts))('SR-5: a signed payload with %s is refused', async (_name, change) => {
    const payload = change(JSON.stringify(forge.claims()));
    await expect(refusalOf(bench.verifier, forge.sign(forge.header(), payload))).resolves.toBe('payload');
  });

  it('reads a payload whose strings hold quotes, colons and braces', async () => {
    const odd = { 'a":"b': String.raw`c\",\"role\":\"admin`, '{': '}', '': [':', { 'x"': 1 }] };
    await expect(bench.verifier.verify(forge.sign(forge.header(), forge.claims(odd)))).resolves.toHaveProperty(
      'role',
      'user',
    );
  });

  it('accepts white space that JSON allows in what was signed', async () => {
    const pretty = forge.sign(forge.header(), JSON.stringify(forge.claims(), undefined, 2));
    await expect(bench.verifier.verify(pretty)).resolves.toHaveProperty('role', 'user');
  });
});

/** The same bytes, written with other unused bits. */
function otherSpellings(text: string): string[] {
  const bytes = Buffer.from(text, 'base64url');
  return Array.from(ALPHABET)
    .map((character) => text.slice(0, -1) + character)
    .filter((other) => other !== text && Buffer.from(other, 'base64url').equals(bytes));
}
