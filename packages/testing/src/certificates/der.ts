import { Buffer } from 'node:buffer';

/** The few ASN.1 types that a certificate is made of, in DER (X.690). Written for tests: lengths below 64 KiB. */
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const CONTEXT = 0x80;
const CONSTRUCTED = 0x20;

/** UTCTime ends here; later instants are GeneralizedTime (RFC 5280, section 4.1.2.5). */
const FIRST_GENERALIZED_YEAR = 2050;

/** A tag, a length, and the contents. */
function encode(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

export function sequence(...members: readonly Buffer[]): Buffer {
  return encode(SEQUENCE, ...members);
}

export function set(...members: readonly Buffer[]): Buffer {
  return encode(SET, ...members);
}

export function boolean(value: boolean): Buffer {
  return encode(BOOLEAN, Buffer.from([value ? 0xff : 0]));
}

/** Of bytes that are read as unsigned. */
export function integer(bytes: Buffer): Buffer {
  return encode(INTEGER, (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

export function bitString(bytes: Buffer): Buffer {
  return encode(BIT_STRING, Buffer.from([0]), bytes);
}

export function octetString(bytes: Buffer): Buffer {
  return encode(OCTET_STRING, bytes);
}

export function utf8String(text: string): Buffer {
  return encode(UTF8_STRING, Buffer.from(text));
}

/** Of a dotted name: `2.5.29.17`. */
export function objectIdentifier(name: string): Buffer {
  const [first = 0, second = 0, ...others] = name.split('.').map(Number);
  return encode(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
}

/** To the second. */
export function time(milliseconds: number): Buffer {
  const digits = `${new Date(milliseconds).toISOString().slice(0, 19).replaceAll(/\D/g, '')}Z`;
  return new Date(milliseconds).getUTCFullYear() < FIRST_GENERALIZED_YEAR
    ? encode(UTC_TIME, Buffer.from(digits.slice(2)))
    : encode(GENERALIZED_TIME, Buffer.from(digits));
}

/** A member that its number tells apart, with its own contents: `[3] EXPLICIT`. */
export function explicit(number: number, content: Buffer): Buffer {
  return encode(CONTEXT + CONSTRUCTED + number, content);
}

/** A primitive member that its number tells apart: `[6] IMPLICIT`. */
export function implicit(number: number, content: Buffer): Buffer {
  return encode(CONTEXT + number, content);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, Math.floor(length / 0x100), length % 0x100];
}

function base128(number: number): number[] {
  const groups = [number % 128];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift((rest % 128) + 128);
  return groups;
}
