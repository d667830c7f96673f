import { Buffer } from 'node:buffer';

import { describe, expect, it } from 'vitest';

import { InvalidSignatureError } from '../../src/signatures/invalid-signature-error.ts';
import { formatCovered, formatSignatureFields, parseSignatureFields } from '../../src/signatures/signature-fields.ts';

const LIST = '("@method" "@authority" "@path" "@query")';
const NONCE = 'AAAAAAAAAAAAAAAAAAAAAA';
const CREATED = 'created=1768478400';
const REST = `nonce="${NONCE}";keyid="billing-1";alg="ed25519";tag="service-call"`;
const BYTES = Buffer.alloc(64, 7);
const SIGNATURE = `sig=:${BYTES.toString('base64')}:`;

function faultOf(input: unknown, signature: unknown = SIGNATURE): string {
  try {
    parseSignatureFields(input, signature);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidSignatureError);
    expect(error).toHaveProperty('message', 'the signature of the request is not accepted');
    return (error as InvalidSignatureError).reason;
  }
}

describe('the headers of a signature', () => {
  it('SR-42: are read as they are written', () => {
    const parameters = {
      created: 1_768_478_400,
      expires: 1_768_478_460,
      nonce: NONCE,
      keyId: 'billing-1',
      algorithm: 'ed25519',
      tag: 'webhook',
    } as const;
    const covered = formatCovered(LIST, parameters);
    const fields = formatSignatureFields(covered, BYTES);
    expect(parseSignatureFields(fields['signature-input'], fields.signature)).toStrictEqual({
      covered,
      componentList: LIST,
      parameters,
      signature: BYTES,
    });
  });

  it('SR-42: may have their parameters in any order, and any label that is the same in both', () => {
    expect(faultOf(`sig=${LIST};${REST};${CREATED}`)).toBe('none');
    expect(faultOf(`s-1_x=${LIST};${CREATED};${REST}`, SIGNATURE.replace('sig', 's-1_x'))).toBe('none');
  });

  const good = `sig=${LIST};${CREATED};${REST}`;
  const forms: Readonly<Record<string, unknown>> = {
    'is absent': undefined,
    'came twice as a list': [good, good],
    'is empty': '',
    'has two members': `${good}, ${good}`,
    'has a second label': `${good}, other=${LIST};${CREATED};${REST}`,
    'ends with a comma': `${good},`,
    'begins with a space': ` ${good}`,
    'ends with a space': `${good} `,
    'has a tab': good.replace(';', ';\t'),
    'has a space before a parameter': good.replace(';created', '; created'),
    'has a space after a parameter': good.replace(';nonce', ' ;nonce'),
    'has two spaces between components': good.replace('" "', '"  "'),
    'has no space between components': good.replace('" "', '""'),
    'has a component with a parameter': good.replace('"@method"', '"@method";req'),
    'has a component in upper case': good.replace('@method', '@Method'),
    'has a component without quotes': good.replace('"@method"', '@method'),
    'has a space after the bracket': good.replace('("', '( "'),
    'has a space before the bracket': good.replace('")', '" )'),
    'has a line break': `${good}\n`,
    'has a label in upper case': good.replace('sig', 'Sig'),
    'has no label': good.replace('sig=', ''),
    'has no parameters': `sig=${LIST}`,
    'is an item': `sig="@method";${CREATED};${REST}`,
    'has a parameter name in upper case': good.replace('keyid', 'KeyId'),
    'has a quoted time': good.replace(CREATED, 'created="1768478400"x'),
    'has a fraction of a second': good.replace(CREATED, `${CREATED}.5`),
    'has a negative time': good.replace('created=', 'created=-'),
    'has a time with leading zeros': good.replace('created=', 'created=00'),
    'has a time of eleven digits': good.replace(CREATED, `${CREATED}0`),
    'has a time as a date': good.replace('created=', 'created=@'),
    'has an escape': good.replace('"billing-1"', String.raw`"billing\"1"`),
    'has a token for a string': good.replace('"ed25519"', 'ed25519'),
    'has a boolean parameter': `${good};x`,
    'has a byte sequence': good.replace(`"${NONCE}"`, ':AAAA:'),
    'has an unclosed string': good.slice(0, -1),
    'has a second list': good.replace(')', ')("@path")'),
    'is longer than 512 characters': good.replace('"@method"', '"@method" '.repeat(60).trim()),
  };
  for (const [what, input] of Object.entries(forms)) {
    it(`SR-42: Signature-Input is refused when it ${what}`, () => {
      expect(faultOf(input)).toBe('form');
    });
  }

  const parameters: Readonly<Record<string, string>> = {
    'lacks created': `sig=${LIST};${REST}`,
    'lacks the nonce': good.replace(`;nonce="${NONCE}"`, ''),
    'lacks the key id': good.replace(';keyid="billing-1"', ''),
    'lacks the algorithm': good.replace(';alg="ed25519"', ''),
    'lacks the tag': good.replace(';tag="service-call"', ''),
    'names one twice': `${good};${CREATED}`,
    'names the nonce twice': `${good};nonce="BBBBBBBBBBBBBBBBBBBBBB"`,
    'has one that nobody knows': `${good};x="1"`,
    'has created as a string': good.replace(CREATED, 'created="1768478400"'),
    'has expires as a string': `${good};expires="1768478400"`,
    'has a nonce of less than 128 bits': good.replace(NONCE, NONCE.slice(1)),
    'has a nonce that is a number': good.replace(`"${NONCE}"`, '1768478400'),
    'has a key id that is a number': good.replace('"billing-1"', '1768478400'),
    'has an algorithm that nobody asked for': good.replace('ed25519', 'rsa-v1_5-sha256'),
    'has the algorithm none': good.replace('ed25519', 'none'),
    'has an algorithm in upper case': good.replace('ed25519', 'ED25519'),
    'has the tag of something else': good.replace('service-call', 'web-bot-auth'),
  };
  for (const [what, input] of Object.entries(parameters)) {
    it(`SR-42: Signature-Input is refused when it ${what}`, () => {
      expect(faultOf(input)).toBe('parameters');
    });
  }

  const base64 = BYTES.toString('base64');
  const signatures: Readonly<Record<string, unknown>> = {
    'is absent': null,
    'came twice as a list': [SIGNATURE, SIGNATURE],
    'is empty': 'sig=::',
    'has another label': SIGNATURE.replace('sig', 'other'),
    'has two members': `${SIGNATURE}, ${SIGNATURE}`,
    'has a second signature': `${SIGNATURE}, other=:${base64}:`,
    'has a parameter': `${SIGNATURE};x=1`,
    'is a string': `sig="${base64}"`,
    'begins with a space': ` ${SIGNATURE}`,
    'holds a space': SIGNATURE.replace('BwcH', 'Bw cH'),
    'holds a line break': SIGNATURE.replace('BwcH', 'BwcH\n'),
    'lacks its padding': SIGNATURE.replace('==', ''),
    'has one character of padding too many': SIGNATURE.replace('==', '==='),
    'has bits in the padding': SIGNATURE.replace('Bw==', 'Bx=='),
    'is base64url': SIGNATURE.replace('BwcH', 'Bw-_'),
    'is hexadecimal without an end': `sig=:${BYTES.toString('hex')}`,
    'goes on behind its end': `${SIGNATURE}AAAA`,
  };
  for (const [what, signature] of Object.entries(signatures)) {
    it(`SR-42: Signature is refused when it ${what}`, () => {
      expect(faultOf(good, signature)).toBe('form');
    });
  }
});
