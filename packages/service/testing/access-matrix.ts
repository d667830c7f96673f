import type { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';

import { type AccessRule, createRequestSigner, type Requirement, type Roles } from '@redoubt/auth';
import type { RouteContract, Server } from '@redoubt/server';
import { createManualClock } from '@redoubt/testing';
import type { LightMyRequestResponse as InjectResponse } from 'fastify';

import type { TestService, TestUser } from './create-test-service.ts';
import { createSigningService } from './signing-service.ts';
import { BILLING, createCertificateReader, EDGE, from, peers, UNLISTED } from './test-peers.ts';

/** Who can call, beside each role: nobody in particular, a service that signs, and ones on and off the listener's list. */
const NO_USERS = ['anonymous', 'service', 'signed service', 'unlisted service'] as const;
/** A name of {@link NO_USERS}, or a role. */
export type Caller = string;
/** Whose id stands in the path, where one does. */
export type Subject = 'own' | 'foreign';
type Outcome = 'passes' | 401 | 403 | 404;

/** Billing once more, known by its signature. */
const signedBilling = createSigningService('billing-1', BILLING);

/** What a service under test has to be built with, so that services can call it. */
export const matrixAdapters = () => ({
  readCertificate: createCertificateReader(createManualClock().now()),
  signedCallers: [signedBilling.caller],
});
export const matrixOptions = { peers };

/** What custom rules grant, by their description. */
export type CustomGrants = Readonly<Record<string, (caller: Caller, subject: Subject) => boolean>>;

/** What a service with accounts of its own knows of its callers; a service without any needs none of it. */
export interface People<User extends TestUser> {
  /** Makes somebody with the role. Default: an id that nobody has. */
  create?(role: string): Promise<User>;
  /** What stands in the path of a route for that person. Default: the id of the person. */
  idFor?(route: RouteContract, user: User): Promise<string>;
  /** Further headers of a request; the other one is somebody else. */
  headersFor?(route: RouteContract, other: User): Promise<Record<string, string>>;
  /** What comes of a call, where the rule does not say it all. */
  outcomeOf?(route: RouteContract, subject: Subject): Outcome | undefined;
}

/** What a test adds to a request. */
interface Added {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What {@link AccessMatrix} calls. */
export interface MatrixOptions<User extends TestUser> {
  /** Built with {@link matrixAdapters} and {@link matrixOptions}. */
  readonly service: Pick<TestService, 'app' | 'as' | 'clock' | 'close'>;
  readonly roles: Roles;
  /** Adds routes beside its own. */
  readonly addRoutes?: (app: Server) => void;
  readonly custom?: CustomGrants;
  readonly people?: People<User>;
}

/** A service, with somebody of each role, whose every route is called by everybody. */
export class AccessMatrix<User extends TestUser = TestUser> {
  readonly routes: readonly RouteContract[];
  readonly callers: readonly Caller[];
  readonly #options: MatrixOptions<User>;
  readonly #users: ReadonlyMap<Caller, User>;

  private constructor(options: MatrixOptions<User>, users: ReadonlyMap<Caller, User>) {
    const [anonymous, ...services] = NO_USERS;
    this.#options = options;
    this.#users = users;
    this.routes = options.service.app.routeContracts;
    this.callers = [anonymous, ...options.roles.names, ...services];
  }

  /** Finishes the service, and makes somebody of each role. */
  static async create<User extends TestUser>(options: MatrixOptions<User>): Promise<AccessMatrix<User>> {
    const { service, roles, addRoutes, people } = options;
    addRoutes?.(service.app);
    await service.app.ready();
    const users = new Map<Caller, User>();
    // A kind of user with more in it than a stranger has is made by `create`.
    for (const role of roles.names) users.set(role, (await people?.create?.(role)) ?? (stranger(role) as User));
    return new AccessMatrix(options, users);
  }

  /** What the declaration of a route says, read apart from the code that decides. */
  expected(route: RouteContract, caller: Caller, subject: Subject): Outcome {
    const { access } = route;
    if (caller === 'unlisted service') return 403;
    if (access === 'public') return 'passes';
    if (caller === 'anonymous') return 401;
    // Where no service can pass, nobody looks at a signature.
    if (caller === 'signed service' && !mentionsServices(access.requires)) return 401;
    const outcome = isService(caller) ? undefined : this.#options.people?.outcomeOf?.(route, subject);
    if (outcome !== undefined) return outcome;
    if (this.#grants(access.requires, caller, subject)) return 'passes';
    const denying = (access.every ?? [access]).filter(({ requires }) => !this.#grants(requires, caller, subject));
    return denialOf(denying);
  }

  /** What became of a call. One who passes may still have sent no body: anything but a refusal counts. */
  async call(route: RouteContract, caller: Caller, subject: Subject): Promise<Outcome> {
    const { statusCode } = await this.send(route, caller, subject);
    if (statusCode >= 500) throw new Error(`${route.method} ${route.url} answered ${statusCode}`);
    return statusCode === 401 || statusCode === 403 || statusCode === 404 ? statusCode : 'passes';
  }

  /** Calls a route as somebody; what a test adds comes last. */
  async send(
    route: RouteContract,
    caller: Caller,
    subject: Subject,
    { query = '', headers = {}, body }: Added = {},
  ): Promise<InjectResponse> {
    const user = this.#users.get(caller);
    // A foreign id is one of an account that exists, so that 404 cannot be the truth.
    const other = [...this.#users.values()].find(({ id }) => id !== user?.id);
    const id = await this.#idFor(route, subject === 'own' ? user : other);
    const method = route.method as 'GET';
    const url = `${route.url.replaceAll(/:\w+/g, id)}${query}`;
    return this.#options.service.app.inject({
      method,
      url,
      ...(body === undefined ? {} : { payload: body }),
      headers: {
        ...from(peerOf(caller)),
        ...(other === undefined ? {} : await this.#options.people?.headersFor?.(route, other)),
        ...(user === undefined ? {} : await this.#options.service.as(user)),
        ...(caller === 'signed service' ? this.#sign(method, url) : {}),
        ...headers,
      },
    });
  }

  /** Somebody whom the route lets in with an own id, and who can send it a body: services sign theirs. */
  admitted(route: RouteContract): Caller | undefined {
    return this.callers.find(
      (caller) => caller !== 'signed service' && this.expected(route, caller, 'own') === 'passes',
    );
  }

  #sign(method: string, path: string): Readonly<Record<string, string>> {
    const signer = createRequestSigner({ ...signedBilling.signer, now: this.#options.service.clock.now });
    return signer.sign({ method, url: new URL(path, 'https://localhost') });
  }

  close(): Promise<void> {
    return this.#options.service.close();
  }

  async #idFor(route: RouteContract, user: User | undefined): Promise<string> {
    if (user === undefined) return randomUUID();
    return (await this.#options.people?.idFor?.(route, user)) ?? user.id;
  }

  #grants(requirement: Requirement, caller: Caller, subject: Subject): boolean {
    switch (requirement.kind) {
      case 'signed-in':
      case 'recent-sign-in': // every user of this test has just signed in
        return !isService(caller);
      case 'permission':
        return (
          !isService(caller) && [...(this.#options.roles.permissionsOf(caller) ?? [])].includes(requirement.permission)
        );
      case 'owner':
        return !isService(caller) && subject === 'own';
      case 'service':
        return isService(caller) && (requirement.allow === 'any' || requirement.allow.includes(BILLING));
      case 'any-of':
        return requirement.of.some((member) => this.#grants(member, caller, subject));
      case 'all-of':
        return requirement.of.every((member) => this.#grants(member, caller, subject));
      case 'custom': {
        const grants = this.#options.custom?.[requirement.description];
        if (grants === undefined) throw new Error(`say what the rule grants: ${requirement.description}`);
        return grants(caller, subject);
      }
    }
  }
}

/** Somebody whom the service knows by the access token alone. */
function stranger(role: string): TestUser {
  return { id: randomUUID(), role };
}

function isService(caller: Caller): boolean {
  return ['service', 'signed service'].includes(caller);
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
