import { randomUUID } from 'node:crypto';

import { type AccessRule, createRequestSigner, type Requirement } from '@redoubt/auth';
import type { RouteContract, Server } from '@redoubt/server';
import { createManualClock } from '@redoubt/testing';

import { roles } from '../../src/access.ts';
import type { UserRow } from '../../src/users/user-store.ts';
import { createSigningService } from './signing-service.ts';
import { createTestApp, type TestApp } from './test-app.ts';
import { BILLING, createCertificateReader, EDGE, from, peers, UNLISTED } from './test-peers.ts';

/** Everybody who can call: nobody in particular, each role, a service that signs, and ones on and off the listener's list. */
export const callers = ['anonymous', ...roles.names, 'service', 'signed service', 'unlisted service'] as const;
export type Caller = (typeof callers)[number];
/** Whose id stands in the path, where one does. */
export type Subject = 'own' | 'foreign';
type Outcome = 'passes' | 401 | 403 | 404;

/** Billing once more, known by its signature. */
const signedBilling = createSigningService('billing-1', BILLING);

/** Ids in the path of this route are of sessions; its own query finds those of the caller alone. */
const OWN_SESSION = '/api/auth/sessions/:id';

/** What custom rules grant, by their description. */
export type CustomGrants = Readonly<Record<string, (caller: Caller, subject: Subject) => boolean>>;

/** A service, with an account of each role, whose every route is called by everybody. */
export class AccessMatrix {
  readonly routes: readonly RouteContract[];
  readonly #service: TestApp;
  readonly #custom: CustomGrants;
  readonly #users = new Map<Caller, UserRow>();

  private constructor(service: TestApp, custom: CustomGrants) {
    this.#service = service;
    this.#custom = custom;
    this.routes = service.app.routeContracts;
  }

  /** Builds the service; `addRoutes` adds routes beside its own. */
  static async create(addRoutes: (app: Server) => void = () => undefined, custom: CustomGrants = {}) {
    const readCertificate = createCertificateReader(createManualClock().now());
    const service = await createTestApp({ readCertificate, signedCallers: [signedBilling.caller] }, { peers });
    addRoutes(service.app);
    await service.app.ready();
    const matrix = new AccessMatrix(service, custom);
    for (const role of roles.names) matrix.#users.set(role, await service.createUser(role));
    return matrix;
  }

  /** What the declaration of a route says, read apart from the code that decides. */
  expected({ access, url }: RouteContract, caller: Caller, subject: Subject): Outcome {
    if (caller === 'unlisted service') return 403;
    if (access === 'public') return 'passes';
    if (caller === 'anonymous') return 401;
    // Where no service can pass, nobody looks at a signature.
    if (caller === 'signed service' && !mentionsServices(access.requires)) return 401;
    // Only users have sessions; a service is refused by the rule itself.
    if (url === OWN_SESSION && subject === 'foreign' && !isService(caller)) return 404;
    if (this.#grants(access.requires, caller, subject)) return 'passes';
    const denying = (access.every ?? [access]).filter(({ requires }) => !this.#grants(requires, caller, subject));
    return denialOf(denying);
  }

  /** What became of a call. One who passes may still have sent no body: anything but a refusal counts. */
  async call(route: RouteContract, caller: Caller, subject: Subject): Promise<Outcome> {
    const user = this.#users.get(caller);
    // A foreign id is one of an account that exists, so that 404 cannot be the truth.
    const other = [...this.#users.values()].find(({ id }) => id !== user?.id);
    const id = await this.#idFor(route, subject === 'own' ? user : other);
    const method = route.method as 'GET';
    const url = route.url.replaceAll(/:\w+/g, id);
    const { statusCode } = await this.#service.app.inject({
      method,
      url,
      headers: {
        ...from(peerOf(caller)),
        ...(await this.#cookieFor(route, other)),
        ...(user === undefined ? {} : await this.#service.as(user)),
        ...(caller === 'signed service' ? this.#sign(method, url) : {}),
      },
    });
    if (statusCode >= 500) throw new Error(`${route.method} ${route.url} answered ${statusCode}`);
    return statusCode === 401 || statusCode === 403 || statusCode === 404 ? statusCode : 'passes';
  }

  #sign(method: string, path: string): Readonly<Record<string, string>> {
    const signer = createRequestSigner({ ...signedBilling.signer, now: this.#service.clock.now });
    return signer.sign({ method, url: new URL(path, 'https://localhost') });
  }

  close(): Promise<void> {
    return this.#service.close();
  }

  async #idFor({ url }: RouteContract, user: UserRow | undefined): Promise<string> {
    if (user === undefined) return randomUUID();
    return url === OWN_SESSION ? (await this.#service.openSession(user)).id : user.id;
  }

  /** A refresh is public, and is let in by a cookie alone. */
  async #cookieFor({ url }: RouteContract, user: UserRow | undefined): Promise<Record<string, string>> {
    return url === '/api/auth/refresh' && user !== undefined ? (await this.#service.openSession(user)).refresh : {};
  }

  #grants(
    requirement: Requirement,
    caller: Exclude<Caller, 'anonymous' | 'unlisted service'>,
    subject: Subject,
  ): boolean {
    switch (requirement.kind) {
      case 'signed-in':
      case 'recent-sign-in': // every user of this test has just signed in
        return !isService(caller);
      case 'permission':
        return !isService(caller) && [...(roles.permissionsOf(caller) ?? [])].includes(requirement.permission as never);
      case 'owner':
        return !isService(caller) && subject === 'own';
      case 'service':
        return isService(caller) && (requirement.allow === 'any' || requirement.allow.includes(BILLING));
      case 'any-of':
        return requirement.of.some((member) => this.#grants(member, caller, subject));
      case 'all-of':
        return requirement.of.every((member) => this.#grants(member, caller, subject));
      case 'custom': {
        const grants = this.#custom[requirement.description];
        if (grants === undefined) throw new Error(`say what the rule grants: ${requirement.description}`);
        return grants(caller, subject);
      }
    }
  }
}

function isService(caller: Caller): caller is 'service' | 'signed service' {
  return caller === 'service' || caller === 'signed service';
}

/** Whether a rule names services, or what it asks is known to its own code alone. */
function mentionsServices(requirement: Requirement): boolean {
  return /"kind":"(?:service|custom)"/.test(JSON.stringify(requirement));
}

/** Own and foreign ids for a route with an id in its path. */
export function subjectsOf({ url }: RouteContract): readonly Subject[] {
  return url.includes(':') ? ['own', 'foreign'] : ['own'];
}

/** Users and strangers come through the edge. */
function peerOf(caller: Caller): string {
  if (caller === 'service') return BILLING;
  return caller === 'unlisted service' ? UNLISTED : EDGE;
}

/** Of several rules that deny, the one that hides most shows. */
function denialOf(denying: readonly AccessRule[]): Outcome {
  const ways = new Set(denying.map(({ deniedAs }) => deniedAs));
  if (ways.has('not-found')) return 404;
  return ways.has('forbidden') ? 403 : 401;
}
