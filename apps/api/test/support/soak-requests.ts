import { randomUUID } from 'node:crypto';

import { headersOf, hostileBodies } from '@redoubt/testing';

import type { LoadRequest } from './http-load.ts';
import { createEmail, type Credentials } from './journey.ts';

/** Which requests are made: what clients and attackers send together, or attacks alone. */
export type SoakMix = 'mixed' | 'hostile';

/** A user that a 201 promised. */
export interface CreatedUser {
  readonly id: string;
  readonly email: string;
  readonly key: string;
}

const KIB = 1024;
/** Routes with a body, and what they take. */
const targets = [
  { path: '/api/auth/register', maxBytes: 4 * KIB },
  { path: '/api/auth/login', maxBytes: 4 * KIB },
  { path: '/api/users', maxBytes: 100 * KIB },
] as const;

/** One of a thousand requests is a sign-in: each costs a tenth of a second of a core. */
const SIGN_IN_EVERY = 1000;

/** Clients that a hop in front speaks for: as one, they would be over the limit of public reads (SR-22). */
const CLIENTS = 2048;

/**
 * Makes the requests of a soak, the same mix each time: which one comes next is counted, not drawn. Each knows the one
 * status that is right for it.
 */
export class SoakRequests {
  /** Every user that a 201 promised. */
  readonly created: CreatedUser[] = [];
  readonly #mix: SoakMix;
  readonly #administrator: Credentials;
  #token: string;
  #index = 0;

  constructor(mix: SoakMix, administrator: Credentials, token: string) {
    this.#mix = mix;
    this.#administrator = administrator;
    this.#token = token;
  }

  /** The next request. */
  next(): LoadRequest {
    this.#index += 1;
    if (this.#mix === 'mixed' && this.#index % SIGN_IN_EVERY === 0) return this.#signIn();
    const makers = this.#mix === 'mixed' ? mixedMakers : hostileMakers;
    // A round of the makers later, each of them has moved on by one.
    return makers[this.#index % makers.length]?.(this, Math.floor(this.#index / makers.length)) ?? this.#read('/');
  }

  hostileBody(turn: number): LoadRequest {
    const hostile = hostileBodies[turn % hostileBodies.length];
    const target = targets[turn % targets.length];
    if (hostile === undefined || target === undefined) throw new RangeError('no such body');
    return {
      name: 'hostile body',
      method: 'POST',
      path: target.path,
      headers: { ...this.#headers(), ...headersOf(hostile), 'idempotency-key': randomUUID() },
      body: hostile.body,
      // Where the body is larger than the route takes, its size decides first.
      status: hostile.body.length > target.maxBytes ? 413 : hostile.status,
    };
  }

  refusedToken(turn: number): LoadRequest {
    const [head = '', claims = ''] = this.#token.split('.');
    const tokens = ['x', 'a.b.c', `${head}.${claims}.`, `${head}.${claims}.${'A'.repeat(86)}`, this.#token.slice(1)];
    const authorization = `Bearer ${tokens[turn % tokens.length] ?? ''}`;
    const headers = { ...this.#headers(), authorization };
    return { ...this.#read('/api/users/me'), name: 'refused token', headers, status: 401 };
  }

  invalidRequest(turn: number): LoadRequest {
    const requests = [
      { ...this.#read(`/api/nothing/${turn}`), status: 404 },
      { ...this.#read('/api/users?limit=0'), status: 400 },
      { ...this.#read('/api/users/no-id'), status: 400 },
      { ...this.#read(`/api/users/${randomUUID()}`), status: 404 },
      { ...this.#create(createEmail(), 'short'), status: 400 },
    ];
    return { ...(requests[turn % requests.length] ?? this.#read('/')), name: 'invalid request' };
  }

  read(turn: number): LoadRequest {
    const paths = ['/.well-known/jwks.json', '/api/users/me', '/api/users?limit=10'];
    return this.#read(paths[turn % paths.length] ?? '/');
  }

  readBack(turn: number): LoadRequest {
    const user = this.created[turn % Math.max(this.created.length, 1)];
    return user === undefined
      ? this.read(turn)
      : { ...this.#read(`/api/users/${user.id}`), name: 'read of a new user' };
  }

  create(): LoadRequest {
    const [email, key] = [createEmail(), randomUUID()];
    return {
      ...this.#create(email, key),
      onAnswer: ({ body }) => this.created.push({ id: (JSON.parse(body) as { id: string }).id, email, key }),
    };
  }

  repeat(turn: number): LoadRequest {
    const user = this.created[turn % Math.max(this.created.length, 1)];
    return user === undefined ? this.create() : { ...this.#create(user.email, user.key), name: 'repeated write' };
  }

  otherUnderSameKey(turn: number): LoadRequest {
    const user = this.created[turn % Math.max(this.created.length, 1)];
    if (user === undefined) return this.create();
    return { ...this.#create(createEmail(), user.key), name: 'key of another write', status: 422 };
  }

  #signIn(): LoadRequest {
    return {
      name: 'sign-in',
      method: 'POST',
      path: '/api/auth/login',
      headers: { ...this.#clientHeaders(), 'content-type': 'application/json' },
      body: JSON.stringify(this.#administrator),
      status: 200,
      // Tokens last ten minutes; a soak may take longer.
      onAnswer: ({ body }) => (this.#token = (JSON.parse(body) as { accessToken: string }).accessToken),
    };
  }

  #read(path: string): LoadRequest {
    return { name: 'read', method: 'GET', path, headers: this.#headers(), status: 200 };
  }

  #create(email: string, key: string): LoadRequest {
    return {
      name: 'write',
      method: 'POST',
      path: '/api/users',
      headers: { ...this.#headers(), 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ email }),
      status: 201,
    };
  }

  #headers(): Record<string, string> {
    return { ...this.#clientHeaders(), authorization: `Bearer ${this.#token}` };
  }

  #clientHeaders(): Record<string, string> {
    const client = this.#index % CLIENTS;
    return { 'x-forwarded-for': `10.0.${Math.floor(client / 256)}.${client % 256}` };
  }
}

type Maker = (requests: SoakRequests, turn: number) => LoadRequest;

const hostileBody: Maker = (requests, turn) => requests.hostileBody(turn);
const refusedToken: Maker = (requests, turn) => requests.refusedToken(turn);
const invalidRequest: Maker = (requests, turn) => requests.invalidRequest(turn);
const read: Maker = (requests, turn) => requests.read(turn);

const hostileMakers: readonly Maker[] = [hostileBody, hostileBody, refusedToken, invalidRequest];

/** A fifth of it writes or tries to; half of it is refused. */
const mixedMakers: readonly Maker[] = [
  (requests) => requests.create(),
  hostileBody,
  read,
  refusedToken,
  read,
  invalidRequest,
  (requests, turn) => requests.readBack(turn),
  hostileBody,
  read,
  (requests, turn) => (turn % 2 === 0 ? requests.repeat(turn) : requests.otherUnderSameKey(turn)),
];
