import { Buffer } from 'node:buffer';

import { InvalidSignatureError } from './invalid-signature-error.ts';

/** A covered component: its name, and the value that it has in the message. */
export type SignatureComponent = readonly [name: string, value: string];

/** What of a request is covered; `contentDigest` only with its header. */
export interface CoveredParts {
  readonly method: string;
  /** Host and port, as in `Host`. */
  readonly authority: string;
  /** The request target as it is sent: path and query. */
  readonly target: string;
  readonly contentDigest: string | undefined;
}

/** One line of a base: visible ASCII and spaces, so that no value can begin another line (RFC 9421, section 2.5). */
const LINE_VALUE = /^[\x20-\x7e]*$/;

/** The port that an address does not name (RFC 9421, section 2.2.3); behind an edge, nobody knows which scheme it had. */
const DEFAULT_PORT = /:(?:80|443)$/;

/** The components that this profile covers, in their one order. */
export function coveredComponents({ method, authority, target, contentDigest }: CoveredParts): SignatureComponent[] {
  const queryAt = target.indexOf('?');
  const components: SignatureComponent[] = [
    ['@method', method],
    ['@authority', authority.toLowerCase().replace(DEFAULT_PORT, '')],
    ['@path', queryAt === -1 ? target : target.slice(0, queryAt)],
    // Without a query the value is a question mark alone (RFC 9421, section 2.2.7).
    ['@query', queryAt === -1 ? '?' : target.slice(queryAt)],
  ];
  return contentDigest === undefined ? components : [...components, ['content-digest', contentDigest]];
}

/** The list of components as it stands in `Signature-Input` (RFC 9421, section 2.3). */
export function formatComponentList(components: readonly SignatureComponent[]): string {
  return `(${components.map(([name]) => `"${name}"`).join(' ')})`;
}

/**
 * Builds what is signed (RFC 9421, section 2.5): a line for each component, and at last `parameters`, which is the
 * member of `Signature-Input` to the letter.
 *
 * @throws {InvalidSignatureError} for a value that is not one line of visible ASCII.
 */
export function createSignatureBase(components: readonly SignatureComponent[], parameters: string): Buffer {
  const lines = [...components, ['@signature-params', parameters] as const].map(([name, value]) => {
    if (!LINE_VALUE.test(value)) throw new InvalidSignatureError('form');
    return `"${name}": ${value}`;
  });
  return Buffer.from(lines.join('\n'), 'ascii');
}
