import type { Buffer } from 'node:buffer';

import { decodeBase64 } from './canonical-base64.ts';
import { InvalidSignatureError, type SignatureFault } from './invalid-signature-error.ts';
import {
  KEY_ID_PATTERN,
  NONCE_PATTERN,
  SIGNATURE_ALGORITHMS,
  SIGNATURE_TAGS,
  type SignatureAlgorithm,
  type SignatureTag,
} from './signature-profile.ts';

/** What a signature says of itself. Times are seconds since 1970. */
export interface SignatureParameters {
  readonly created: number;
  readonly expires: number | undefined;
  readonly nonce: string;
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  readonly tag: SignatureTag;
}

/** The two headers of one signature, read and not proven. */
export interface SignatureFields {
  /** The member of `Signature-Input` without its label: what `@signature-params` covers, to the letter. */
  readonly covered: string;
  /** The list of components, brackets included. */
  readonly componentList: string;
  readonly parameters: SignatureParameters;
  readonly signature: Buffer;
}

/** Longer than any header of this profile: its components take 58 characters, its parameters 221 at most. */
const MAX_FIELD_LENGTH = 512;

/**
 * One member of a dictionary whose value is an inner list with parameters (RFC 8941, sections 3.2 and 3.1.1), in the
 * spelling in which every library writes it: no space where none is due, and strings that need no escape. What it matches
 * cannot be read in two ways, and is its own canonical form.
 */
const SIGNATURE_INPUT =
  /^([a-z][a-z0-9_-]{0,31})=(\((?:"[a-z@-]{1,32}"(?: "[a-z@-]{1,32}")*)?\))((?:;[a-z]{1,16}=(?:[1-9]\d{9}|"[A-Za-z0-9_-]{1,64}"))+)$/;

/** One member of a dictionary whose value is a byte sequence (RFC 8941, section 3.3.5). */
const SIGNATURE = /^([a-z][a-z0-9_-]{0,31})=:([A-Za-z0-9+/]{1,128}={0,2}):$/;

/** The parameters that there may be; all but `expires` are required. */
const PARAMETER_NAMES: ReadonlySet<string> = new Set(['created', 'expires', 'nonce', 'keyid', 'alg', 'tag']);

/** The label that our own signer gives; verifiers take any. */
const LABEL = 'sig';

/**
 * Reads `Signature-Input` and `Signature`: one signature, under one label, in the one spelling of this profile.
 *
 * @throws {InvalidSignatureError}
 */
export function parseSignatureFields(input: unknown, signature: unknown): SignatureFields {
  const [, label, componentList = '', parameters = ''] = SIGNATURE_INPUT.exec(bounded(input)) ?? refuse('form');
  const [, signatureLabel, encoded = ''] = SIGNATURE.exec(bounded(signature)) ?? refuse('form');
  if (signatureLabel !== label) refuse('form');
  return {
    covered: componentList + parameters,
    componentList,
    parameters: parseParameters(parameters),
    signature: decodeBase64(encoded) ?? refuse('form'),
  };
}

/** Writes `@signature-params`: the list of components and the parameters. */
export function formatCovered(componentList: string, parameters: SignatureParameters): string {
  const { created, expires, nonce, keyId, algorithm, tag } = parameters;
  const end = expires === undefined ? '' : `;expires=${expires}`;
  return `${componentList};created=${created}${end};nonce="${nonce}";keyid="${keyId}";alg="${algorithm}";tag="${tag}"`;
}

/** Writes the two headers of one signature. */
export function formatSignatureFields(
  covered: string,
  signature: Buffer,
): { readonly 'signature-input': string; readonly signature: string } {
  return { 'signature-input': `${LABEL}=${covered}`, signature: `${LABEL}=:${signature.toString('base64')}:` };
}

function bounded(header: unknown): string {
  return typeof header === 'string' && header.length <= MAX_FIELD_LENGTH ? header : refuse('form');
}

/** Neither a string nor a number of this grammar holds a `;` or a `=`, so that splitting is reading. */
function parseParameters(text: string): SignatureParameters {
  const values = new Map<string, string>();
  for (const parameter of text.slice(1).split(';')) {
    const [name = '', value = ''] = parameter.split('=');
    if (!PARAMETER_NAMES.has(name) || values.has(name)) refuse('parameters');
    values.set(name, value);
  }
  return {
    created: readTime(values.get('created')) ?? refuse('parameters'),
    expires: values.has('expires') ? (readTime(values.get('expires')) ?? refuse('parameters')) : undefined,
    nonce: readText(values.get('nonce'), (text) => NONCE_PATTERN.test(text)),
    keyId: readText(values.get('keyid'), (text) => KEY_ID_PATTERN.test(text)),
    algorithm: readChoice(values.get('alg'), SIGNATURE_ALGORITHMS),
    tag: readChoice(values.get('tag'), SIGNATURE_TAGS),
  };
}

/** Ten digits, as the grammar has them: an integer from 2001 to 2286. */
function readTime(value: string | undefined): number | undefined {
  return value === undefined || value.startsWith('"') ? undefined : Number(value);
}

function readText(value: string | undefined, accepts: (text: string) => boolean): string {
  if (value?.startsWith('"') !== true) refuse('parameters');
  const text = value.slice(1, -1);
  return accepts(text) ? text : refuse('parameters');
}

function readChoice<const Choice extends string>(value: string | undefined, choices: readonly Choice[]): Choice {
  return choices.find((choice) => value === `"${choice}"`) ?? refuse('parameters');
}

function refuse(reason: SignatureFault): never {
  throw new InvalidSignatureError(reason);
}
