import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type SecurityEvent, securityEventCatalogue, type SecurityEventName } from '@redoubt/logging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { accountPseudonym } from '../src/security-events/account-pseudonym.ts';
import { normalizeEmailAddress } from '../src/users/email-address.ts';
import { EventScenes, eventScenes } from './support/event-scenes.ts';
import { createEmail, createPassword } from './support/journey.ts';

const processEvents = [
  'sys_startup',
  'sys_shutdown',
  'sys_crash',
  'sys_secret_rotated',
  'sys_secret_refresh_failed',
  'sys_secret_expired',
];

let scenes: EventScenes;

beforeAll(async () => {
  scenes = await EventScenes.create();
});
afterAll(() => scenes.service.close());

/** The events that a scene has caused. */
async function eventsOf(scene: () => Promise<unknown>): Promise<readonly SecurityEvent[]> {
  const before = (await scenes.events()).length;
  await scene();
  return (await scenes.events()).slice(before);
}

function declared(name: SecurityEventName): { fields: readonly string[]; details: readonly string[] } {
  return securityEventCatalogue[name];
}

describe('the service, called over HTTP', () => {
  for (const [name, scene] of Object.entries(eventScenes)) {
    it(`SR-45: raises ${name} exactly once, with no field that is not documented`, async () => {
      const events = await eventsOf(() => scene(scenes));
      expect(events.filter((event) => event.name === name)).toHaveLength(1);
      for (const event of events) {
        const { fields, details } = declared(event.name);
        const { id, occurredAt, severity, name: _name, details: found = {}, ...told } = event;
        expect([id, occurredAt, severity].every((text) => text !== '')).toBe(true);
        expect(Object.keys(told).filter((field) => !fields.includes(field))).toEqual([]);
        expect(Object.keys(found).filter((detail) => !details.includes(detail))).toEqual([]);
        // Of a request, an event always knows which one it was and where it came from.
        expect([event.clientAddress, event.requestId]).not.toContain(undefined);
      }
    });
  }

  it('SR-45, SR-78: raises what the page documents, and the page documents what it raises', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/security-events.md'), 'utf8');
    const documented = [...page.matchAll(/^\| `([a-z0-9_]+)` \|/gm)].map(([, name = '']) => name);
    const raised = new Set<string>((await scenes.events()).map(({ name }) => name));
    expect(documented.toSorted()).toEqual([...raised, ...processEvents].toSorted());
  });

  it('SR-48: keeps the events of the log in the audit table, each once and in their order', async () => {
    const raised = (await scenes.events()).map(({ id }) => id);
    const rows = await scenes.service.dependencies.database.kysely.selectFrom('security_events').select('id').execute();
    expect(rows.map(({ id }) => id).toSorted()).toEqual(raised.toSorted());
  });

  it('SR-43: tells of no address that somebody signs in with, and of an unknown one the same as of a known one', async () => {
    const { row } = await scenes.person();
    const unknown = createEmail();
    const events = await eventsOf(async () => {
      await scenes.fail(1, row.email);
      await scenes.fail(1, unknown);
    });
    expect(events.map(({ details }) => details)).toEqual(
      [row.email, unknown].map((email) => ({ account: accountPseudonym(normalizeEmailAddress(email)) })),
    );
    expect(scenes.service.log.text()).not.toContain(unknown);
  });
});

describe('an attacker without an account', () => {
  /** What can be sent without end, and the event that it leads to. */
  const floods: Record<string, [SecurityEventName, () => object]> = {
    'bodies that do not fit': ['input_validation_fail', () => ({ payload: { email: 1, password: '' } })],
    'unknown fields': [
      'malicious_extraneous',
      () => ({ payload: { email: createEmail(), password: createPassword(), role: 'admin' } }),
    ],
    'foreign origins': ['malicious_cors', () => ({ headers: { origin: 'https://evil.example', cookie: 'a=b' } })],
  };
  for (const [what, [name, request]] of Object.entries(floods)) {
    it(`SR-40: who floods with ${what} writes one event a minute, and is counted`, async () => {
      const remoteAddress = scenes.address();
      const events = await eventsOf(() =>
        scenes.repeat(50, () => scenes.call({ method: 'POST', url: '/api/auth/login', remoteAddress, ...request() })),
      );
      expect(events.filter((event) => event.name === name)).toHaveLength(1);
      const metrics = await scenes.service.dependencies.metrics.registry.metrics();
      expect(metrics).toMatch(
        new RegExp(`security_events_suppressed_total\\{event="${name}"\\} (?:49|[5-9]\\d|\\d{3,})\\n`),
      );
    });
  }

  it('SR-40: who goes on after the limit of an address writes one event a minute for each account', async () => {
    const remoteAddress = scenes.address();
    const email = createEmail();
    const events = await eventsOf(() => scenes.fail(60, email, remoteAddress));
    const refused = events.filter(({ name }) => name === 'authn_login_fail');
    expect(refused.filter(({ details }) => details?.['reason'] === 'address-locked')).toHaveLength(1);
    expect(refused).toHaveLength(21);
  });
});
