import { randomUUID } from 'node:crypto';

import type { SecurityEvent, SecurityEventName } from '@redoubt/logging';
import type { ManualClock } from '@redoubt/testing';
import type { InjectOptions } from 'fastify';

import type { AppAdapters } from './test-app.ts';
import type { UserRow } from '../../src/users/user-store.ts';
import { createCountedHasher } from './counted-hasher.ts';
import { createEmail, createPassword } from './journey.ts';
import { createTestApp, type TestApp } from './test-app.ts';

/** Longer than a session lives without use. */
const LONG_MS = 90 * 24 * 3_600_000;
/** Longer than a used refresh token still gives its successor. */
const LATER_MS = 11_000;

/**
 * The events of a process: the start and the ends are shown by processes of their own, those of secrets by
 * `announce-secrets.test.ts` and `rotation.servers.test.ts`.
 */
export type ProcessEvent =
  | 'sys_startup'
  | 'sys_shutdown'
  | 'sys_crash'
  | 'sys_secret_rotated'
  | 'sys_secret_refresh_failed'
  | 'sys_secret_expired';

/** A service under test whose events can be caused over HTTP, each by a scene of its own. */
export class EventScenes {
  readonly service: TestApp;
  readonly #clock: ManualClock;
  #addresses = 0;

  private constructor(service: TestApp, clock: ManualClock) {
    this.service = service;
    this.#clock = clock;
  }

  /** `clock` is the service's, where the adapters give it another than that of every test. */
  static async create(adapters: Partial<AppAdapters> = {}, clock?: ManualClock): Promise<EventScenes> {
    const { passwordHasher } = createCountedHasher();
    const now = clock === undefined ? {} : { now: clock.now };
    const service = await createTestApp({ passwordHasher, ...now, ...adapters });
    return new EventScenes(service, clock ?? service.clock);
  }

  /** Every event so far, from the log. */
  async events(): Promise<SecurityEvent[]> {
    await this.service.dependencies.detections.settled();
    await this.service.dependencies.securityEvents.settled();
    return this.service.log.lines().flatMap(({ securityEvent }) => (securityEvent as SecurityEvent | undefined) ?? []);
  }

  /** An address that no request came from yet. */
  address(): string {
    this.#addresses += 1;
    return `203.0.${Math.floor(this.#addresses / 250)}.${(this.#addresses % 250) + 1}`;
  }

  call(request: InjectOptions): Promise<{ statusCode: number; headers: Record<string, unknown> }> {
    return this.service.app.inject({ remoteAddress: this.address(), ...request });
  }

  signIn(email: string, password: string, remoteAddress = this.address()) {
    return this.call({ method: 'POST', url: '/api/auth/login', payload: { email, password }, remoteAddress });
  }

  async person(role: UserRow['role'] = 'user'): Promise<{ row: UserRow; password: string }> {
    const password = createPassword();
    return { row: await this.service.createUser(role, password), password };
  }

  async asAdministrator(request: InjectOptions): Promise<void> {
    const headers = await this.service.as((await this.person('admin')).row);
    await this.call({ ...request, headers: { ...request.headers, ...headers } });
  }

  /** Presents the refresh token of a new session `times` times, each `pauseMs` after the one before. */
  async refresh(times: number, pauseMs: number): Promise<void> {
    const { row } = await this.person();
    const { refresh: headers } = await this.service.openSession(row);
    for (let time = 0; time < times; time += 1) {
      this.#clock.advance(pauseMs);
      await this.call({ method: 'POST', url: '/api/auth/refresh', headers });
    }
  }

  async fail(times: number, email: string, remoteAddress?: string): Promise<void> {
    for (let time = 0; time < times; time += 1) await this.signIn(email, createPassword(), remoteAddress);
  }

  async repeat(times: number, act: () => Promise<unknown>): Promise<void> {
    for (let time = 0; time < times; time += 1) await act();
  }
}

/** What causes each event, once. */
export const eventScenes: Record<
  Exclude<SecurityEventName, ProcessEvent>,
  (scenes: EventScenes) => Promise<unknown>
> = {
  async authn_login_success(scenes) {
    const { row, password } = await scenes.person();
    await scenes.signIn(row.email, password);
  },
  async authn_login_successafterfail(scenes) {
    const { row, password } = await scenes.person();
    await scenes.fail(1, row.email);
    await scenes.signIn(row.email, password);
  },
  authn_login_fail: async (scenes) => scenes.fail(1, (await scenes.person()).row.email),
  authn_login_lock: async (scenes) => scenes.fail(5, (await scenes.person()).row.email),
  async authn_password_change(scenes) {
    const { row, password } = await scenes.person();
    const { headers } = await scenes.service.openSession(row);
    const payload = { currentPassword: password, newPassword: createPassword() };
    await scenes.call({ method: 'POST', url: '/api/auth/password', payload, headers });
  },
  authn_token_created: (scenes) => scenes.refresh(1, 0),
  async authn_token_revoked(scenes) {
    const { headers } = await scenes.service.openSession((await scenes.person()).row);
    await scenes.call({ method: 'POST', url: '/api/auth/logout', headers });
  },
  authn_token_reuse: (scenes) => scenes.refresh(2, LATER_MS),
  async authz_fail(scenes) {
    const headers = await scenes.service.as((await scenes.person()).row);
    await scenes.call({ url: '/api/users', headers });
  },
  async authz_change(scenes) {
    const { row } = await scenes.person();
    await scenes.asAdministrator({ method: 'PATCH', url: `/api/users/${row.id}`, payload: { role: 'admin' } });
  },
  authz_admin: (scenes) => scenes.asAdministrator({ url: '/api/users' }),
  excess_rate_limit_exceeded: (scenes) => {
    const address = scenes.address();
    return scenes.repeat(22, () => scenes.signIn(createEmail(), createPassword(), address));
  },
  input_validation_fail: (scenes) => scenes.signIn('not an address', createPassword()),
  malicious_cors: (scenes) =>
    scenes.call({
      method: 'OPTIONS',
      url: '/api/users/me',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    }),
  malicious_excess_404: (scenes) => {
    const remoteAddress = scenes.address();
    return scenes.repeat(150, () => scenes.call({ url: '/wp-login.php', remoteAddress }));
  },
  malicious_extraneous: (scenes) =>
    scenes.call({
      method: 'POST',
      url: '/api/auth/register',
      payload: { email: createEmail(), password: createPassword(), role: 'admin' },
    }),
  session_created: async (scenes) => {
    const { row, password } = await scenes.person();
    await scenes.signIn(row.email, password);
  },
  session_expired: (scenes) => scenes.refresh(1, LONG_MS),
  session_use_after_expire: (scenes) => scenes.refresh(2, LONG_MS),
  user_created: (scenes) =>
    scenes.asAdministrator({
      method: 'POST',
      url: '/api/users',
      payload: { email: createEmail(), role: 'admin' },
      headers: { 'idempotency-key': randomUUID() },
    }),
  async user_updated(scenes) {
    const { row } = await scenes.person();
    await scenes.asAdministrator({ method: 'PATCH', url: `/api/users/${row.id}`, payload: { age: 30 } });
  },
  alert_password_guessing: async (scenes) => scenes.fail(14, (await scenes.person()).row.email),
  alert_password_spraying: (scenes) => {
    const address = scenes.address();
    return scenes.repeat(60, () => scenes.signIn(createEmail(), createPassword(), address));
  },
  alert_token_reuse: (scenes) => scenes.refresh(2, LATER_MS),
  async alert_role_grant(scenes) {
    const { row } = await scenes.person('admin');
    await scenes.asAdministrator({ method: 'PATCH', url: `/api/users/${row.id}`, payload: { role: 'user' } });
  },
  async alert_privilege_escalation(scenes) {
    const headers = await scenes.service.as((await scenes.person()).row);
    await scenes.repeat(25, () => scenes.call({ url: '/api/users', headers }));
  },
};
