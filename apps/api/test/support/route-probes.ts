import { randomUUID } from 'node:crypto';

import { REFRESH_COOKIE } from '@redoubt/auth';

import { type RouteClass, routeClasses } from './fault-promises.ts';
import { createEmail, type Credentials, ServiceClient } from './journey.ts';
import type { Replica } from './real-servers.ts';

/** An answer, and how long it took. */
export interface ProbeAnswer {
  readonly status: number;
  readonly durationMs: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

/** A write that was sent, whatever became of it. */
export interface SentWrite {
  readonly email: string;
  readonly key: string;
}

/** Asks one route of each sort, as clients do. */
export class RouteProbes {
  /** Every write that was sent, for a look at what became of it. */
  readonly writes: SentWrite[] = [];
  readonly #replica: Replica;
  readonly #credentials: Credentials;
  readonly #anybody: ServiceClient;
  #admin: ServiceClient;
  #cookie = '';

  constructor(replica: Replica, credentials: Credentials) {
    this.#replica = replica;
    this.#credentials = credentials;
    this.#anybody = new ServiceClient(replica.origin);
    this.#admin = this.#anybody;
  }

  /** Begins a session that the next questions are asked in. */
  async signIn(): Promise<void> {
    const response = await this.#login();
    const { accessToken } = (await response.json()) as { accessToken?: string };
    if (accessToken === undefined) throw new Error(`the sign-in was answered with ${response.status}`);
    this.#admin = new ServiceClient(this.#replica.origin, accessToken);
    this.#keepCookie(response);
  }

  /** Asks, and rejects when no answer has come in this time. */
  async ask(routes: RouteClass, withinSeconds: number): Promise<ProbeAnswer> {
    const startedAt = performance.now();
    const { promise: overdue, reject } = Promise.withResolvers<never>();
    const late = new Error(`${routeClasses[routes]} did not answer within ${withinSeconds} s`);
    const timer = setTimeout(() => reject(late), withinSeconds * 1000);
    try {
      return await Promise.race([this.#answer(routes, startedAt), overdue]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #answer(routes: RouteClass, startedAt: number): Promise<ProbeAnswer> {
    const response = await this.#send(routes);
    const body = await response.text();
    const durationMs = performance.now() - startedAt;
    return { status: response.status, durationMs, retryAfter: response.headers.get('retry-after'), body };
  }

  #send(routes: RouteClass): Promise<Response> {
    const [method = '', path = ''] = routeClasses[routes].split(' ');
    switch (routes) {
      case 'liveness':
      case 'readiness':
        return fetch(new URL(path, this.#replica.management));
      case 'sign-in':
        return this.#login();
      case 'refresh':
        return this.#refresh();
      case 'idempotent write':
        return this.write(this.#noteWrite());
      case 'public read':
        return this.#anybody.request(method, path);
      case 'signed-in read':
      case 'administrator read':
        return this.#admin.request(method, path);
    }
  }

  /** Sends a write, for the first time or again. */
  write({ email, key }: SentWrite): Promise<Response> {
    return this.#admin.request('POST', '/api/users', { email }, { 'idempotency-key': key });
  }

  #noteWrite(): SentWrite {
    const write = { email: createEmail(), key: randomUUID() };
    this.writes.push(write);
    return write;
  }

  #login(): Promise<Response> {
    return this.#anybody.request('POST', '/api/auth/login', this.#credentials);
  }

  async #refresh(): Promise<Response> {
    const headers = { cookie: this.#cookie, 'x-requested-with': 'test' };
    const response = await this.#anybody.request('POST', '/api/auth/refresh', undefined, headers);
    this.#keepCookie(response);
    return response;
  }

  #keepCookie(response: Response): void {
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith(`${REFRESH_COOKIE}=`));
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? '';
  }
}
