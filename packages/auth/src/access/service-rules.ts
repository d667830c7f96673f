import { parseSpiffeId } from '../services/spiffe-id.ts';
import type { AccessRule } from './access-rule.ts';

/** Several services at once. */
export interface ServiceList {
  readonly allow: readonly string[];
}

/**
 * Only the services that are named, each as `spiffe://trust-domain/path` (SR-28). A user is never one of them, whatever
 * the role. Throws a `TypeError` for a name that no service can have, and for an empty list.
 */
export function service(allowed: string | ServiceList): AccessRule {
  const allow = (typeof allowed === 'string' ? [allowed] : allowed.allow).map((id) => parseSpiffeId(id));
  if (allow.length === 0) throw new TypeError('a rule that names no service lets nobody in');
  const names: ReadonlySet<string> = new Set(allow);
  return {
    name: `service(${allow.join(', ')})`,
    requires: { kind: 'service', allow },
    deniedAs: 'forbidden',
    check: (caller) => caller.kind === 'service' && names.has(caller.serviceId),
  };
}

/** Every service on the listener's own list and on that of signed callers; where both are empty, nobody. */
export function anyService(): AccessRule {
  return {
    name: 'any-service',
    requires: { kind: 'service', allow: 'any' },
    deniedAs: 'forbidden',
    check: (caller) => caller.kind === 'service' && caller.serviceId.length > 0,
  };
}
