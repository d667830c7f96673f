import { isIP } from 'node:net';

import { BootstrapError } from './bootstrap-error.ts';

/** A name in a certificate, as the library of certificates calls its kinds. */
export interface SubjectName {
  readonly type: 'dns' | 'ip' | 'url';
  readonly value: string;
}

/** For clients on this machine, where the edge's ports are published; an edge with other names answers to those alone. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'];

/** Names of one edge: more than a person types. */
const MAX_EDGE_NAMES = 20;

/** RFC 1035, section 2.3.4. */
const MAX_HOST_LENGTH = 253;

/** RFC 1123, section 2.1: letters, digits and hyphens, none of these first or last. No wildcard: it names too much. */
const HOST = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/;

/**
 * Reads the names of the edge's certificate, separated by commas; those of the loopback are always among them.
 *
 * @throws {BootstrapError} for one that is neither a host name nor an address, and for too many.
 */
export function parseEdgeNames(text: string): readonly SubjectName[] {
  const given = text.split(',').flatMap((name) => name.trim().toLowerCase() || []);
  const names = new Set([...LOOPBACK_NAMES, ...given]);
  if (names.size > MAX_EDGE_NAMES) throw new BootstrapError(`EDGE_NAMES: at most ${MAX_EDGE_NAMES} names`);
  return [...names].map(parseEdgeName);
}

function parseEdgeName(name: string): SubjectName {
  // A zone is a name of this machine's interface: no certificate holds one.
  if (isIP(name) !== 0 && !name.includes('%')) return { type: 'ip', value: name };
  if (name.length > MAX_HOST_LENGTH || !HOST.test(name) || /^[\d.]+$/.test(name))
    throw new BootstrapError(`EDGE_NAMES: ${JSON.stringify(name)} is neither a host name nor an address`);
  return { type: 'dns', value: name };
}
