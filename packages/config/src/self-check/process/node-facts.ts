import process from 'node:process';
import { DEFAULT_CIPHERS, DEFAULT_MIN_VERSION } from 'node:tls';

/** What Node says of itself, whoever set it: an option, the environment, or code that ran earlier. */
export interface NodeFacts {
  /** `26.10.0`. */
  readonly nodeVersion: string;
  readonly isInspectorOpen: boolean;
  /** Oldest version of TLS that connections of this process take unless they ask for another: `TLSv1.2`. */
  readonly oldestTls: string;
  readonly takesBrokenCiphers: boolean;
  /** Whether the permission model stops anything: when it only audits, it does not. */
  readonly hasPermissionModel: boolean;
  /** Scopes that the permission model leaves wide open. */
  readonly wideScopes: readonly string[];
  /** Whether `({}).__proto__` leads to `Object.prototype`. */
  readonly isPrototypeReachable: boolean;
  readonly isPrototypeFrozen: boolean;
}

/** Scopes of the permission model that a service has no use for; each undoes the others (SR-20). */
const DANGEROUS_SCOPES = ['child', 'worker', 'addon', 'wasi', 'ffi', 'inspector'] as const;

/** Scopes that a service has for some paths, and never for all. */
const FILE_SCOPES = ['fs.read', 'fs.write'] as const;

/** What names a cipher of OpenSSL that can be read or forged, as a group or inside a suite's name. */
const BROKEN_CIPHER = /(?:^|[-+])(?:COMPLEMENTOFALL|[ae]?NULL|ADH|AECDH|RC4|3?DES|MD5|EXP(?:ORT)?|LOW)(?:$|[-+])/i;

/** Asks Node. Options in effect are needed to tell an audit from enforcement. */
export function readNodeFacts(optionsInEffect: readonly string[]): NodeFacts {
  const hasPermissionModel = hasPermissions(process) && !optionsInEffect.includes('--permission-audit');
  return {
    nodeVersion: process.versions.node,
    isInspectorOpen: isInspectorOpen(),
    oldestTls: DEFAULT_MIN_VERSION,
    takesBrokenCiphers: hasBrokenCiphers(DEFAULT_CIPHERS),
    hasPermissionModel,
    wideScopes: hasPermissionModel ? readWideScopes() : [],
    isPrototypeReachable: isPrototypeReachable(),
    isPrototypeFrozen: Object.isFrozen(Object.prototype),
  };
}

/** Whether a cipher list of OpenSSL lets in what offers no protection; what `!` or `-` leads keeps ciphers out. */
export function hasBrokenCiphers(list: string): boolean {
  const wanted = list.split(/[:, ]/).filter((word) => !/^[!-]/.test(word));
  return wanted.some((word) => word === '@SECLEVEL=0' || BROKEN_CIPHER.test(word));
}

/** Node has the object only where the permission model is on, which its types do not say. */
function hasPermissions(target: { readonly permission?: unknown }): boolean {
  return target.permission !== undefined;
}

function readWideScopes(): readonly string[] {
  return [...DANGEROUS_SCOPES, ...FILE_SCOPES].filter((scope) => process.permission.has(scope));
}

function isInspectorOpen(): boolean {
  // A build without an inspector has no such module.
  return process.features.inspector && process.getBuiltinModule('node:inspector').url() !== undefined;
}

function isPrototypeReachable(): boolean {
  try {
    return Reflect.get({}, '__proto__') !== undefined;
  } catch {
    // --disable-proto=throw: it cannot be used either.
    return false;
  }
}
