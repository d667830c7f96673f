import type { AuthenticatedCall } from './engine.ts';
import { DONE, failed, type JsonObject, missing, secondsIn, succeeded, textIn, type VaultReply } from './reply.ts';
import { authOf } from './token-roles.ts';
import type { VaultNamespace } from './vault-namespace.ts';

/** A request with a token, and whether it asks for a list. */
export interface SystemCall extends AuthenticatedCall {
  readonly isList: boolean;
}

type Handler = (at: VaultNamespace, call: SystemCall, rest: string) => VaultReply | Promise<VaultReply>;

/** Paths of the system backend and of tokens, each with the method that it takes. The rest of a path follows `*`. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  'GET sys/internal/ui/mounts/*': describeMount,
  'POST sys/mounts/*': (at, { body }, rest) => {
    at.mount(`${rest}/`, textIn(body, 'type'), (body['options'] ?? {}) as JsonObject);
    return DONE;
  },
  'POST sys/auth/*': (at, { body }, rest) => {
    at.enable(`${rest}/`, textIn(body, 'type'));
    return DONE;
  },
  'POST sys/policies/acl/*': (at, { body }, rest) => {
    at.policies.write(rest, textIn(body, 'policy'));
    return DONE;
  },
  'POST sys/leases/renew': renewLease,
  'POST sys/leases/revoke': async (at, { body }) => {
    await at.leases.revoke(({ id }) => id === textIn(body, 'lease_id'));
    return DONE;
  },
  'POST sys/leases/revoke-prefix/*': async (at, _call, rest) => {
    for (const { id } of at.tokens.below(rest)) at.tokens.revoke(id);
    await at.leases.revoke(({ path }) => path.startsWith(rest));
    return DONE;
  },
  'GET sys/leases/lookup/*': (at, { isList }, rest) => (isList ? listLeases(at, rest) : missing()),
  'GET auth/token/lookup-self': (at, { token }) => {
    const ttl = at.tokens.remainingSeconds(token);
    return succeeded({
      data: { id: token.id, policies: token.policies, renewable: token.type === 'service', ttl },
    });
  },
  'POST auth/token/renew-self': (at, { token }) => {
    if (token.type === 'batch') return failed(400, 'lease is not renewable');
    at.tokens.renew(token);
    return succeeded({ auth: authOf(at.tokens, token) });
  },
  'POST auth/token/revoke-self': async (at, { token }) => {
    if (token.type === 'batch') return failed(400, 'batch tokens cannot be revoked');
    at.tokens.revoke(token.id);
    await at.settle();
    return DONE;
  },
  'POST auth/token/create': (at, { body }) => {
    const token = at.tokens.create({
      policies: ['default', ...(body['policies'] as string[])],
      ttlSeconds: secondsIn(body, 'ttl'),
      maxTtlSeconds: 0,
      type: 'service',
      path: 'auth/token/create',
    });
    return succeeded({ auth: authOf(at.tokens, token) });
  },
};

/** Answers a path of the system; undefined where it is none. */
export function answerSystem(at: VaultNamespace, call: SystemCall): VaultReply | Promise<VaultReply> | undefined {
  const route = `${call.method} ${call.path}`;
  for (const [pattern, handler] of Object.entries(HANDLERS)) {
    const prefix = pattern.endsWith('*') ? pattern.slice(0, -1) : undefined;
    if (prefix !== undefined && route.startsWith(prefix)) return handler(at, call, route.slice(prefix.length));
    if (route === pattern) return handler(at, call, '');
  }
  return undefined;
}

/** The mount that a path is below, for a token that has a right there: no answer tells the others what is mounted. */
function describeMount(at: VaultNamespace, { token }: SystemCall, rest: string): VaultReply {
  const [path, engine] = [...at.engines].find(([mount]) => `${rest}/`.startsWith(mount)) ?? [];
  if (path === undefined || engine === undefined || !at.policies.reaches(token, path))
    return failed(403, "preflight capability check returned 403, please ensure client's policies grant access");
  return succeeded({ data: { path, type: engine.type, options: engine.options } });
}

function renewLease(at: VaultNamespace, { body }: SystemCall): VaultReply {
  const lease = at.leases.find(textIn(body, 'lease_id'));
  if (lease === undefined) return failed(400, 'lease not found');
  return succeeded({ lease_id: lease.id, lease_duration: at.leases.renew(lease), renewable: true });
}

function listLeases(at: VaultNamespace, prefix: string): VaultReply {
  const path = prefix.replace(/\/?$/, '/');
  const tokens = at.tokens.below(prefix).map(({ id }) => id);
  const keys = [...tokens, ...at.leases.below(path)];
  return keys.length === 0 ? missing() : succeeded({ data: { keys } });
}

/** Paths that a token may always use for what it is about; their rights are checked where they lead. */
export function needsNoPolicy(path: string): boolean {
  return path.startsWith('sys/internal/ui/mounts/');
}
