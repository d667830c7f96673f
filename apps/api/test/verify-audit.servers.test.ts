import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createPassword, ServiceClient } from './support/journey.ts';
import { RealServers } from './support/real-servers.ts';

let servers: RealServers;
beforeAll(async () => {
  servers = await RealServers.prepare();
});
afterAll(() => servers.close());

describe('main.js verify-audit', () => {
  it('SR-48: finds the trail of two replicas whole, and what was done to it since the head in their log', async () => {
    const replicas = [await servers.start(), await servers.start()];
    for (const { origin } of [...replicas, ...replicas]) {
      const client = new ServiceClient(origin);
      await client.request('POST', '/api/auth/login', { ...servers.administrator, password: createPassword() });
    }
    await Promise.all(replicas.map(({ child }) => child.stop()));
    const heads = replicas.flatMap(({ child }) =>
      [...child.output().matchAll(/"auditHead":"([0-9a-f:]+)"/g)].map(([, head = '']) => head),
    );
    const newest = heads.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).at(-1) ?? '';

    const whole = await servers.verifyAudit(newest);
    expect(whole).toEqual({ code: 0, output: `The audit trail is whole, up to ${newest}\n` });

    await servers.asSuperuser((kysely) =>
      sql`delete from security_events where sequence = (select max(sequence) from security_events)`.execute(kysely),
    );
    expect(await servers.verifyAudit()).toMatchObject({ code: 0 });
    const cut = await servers.verifyAudit(newest);
    expect([cut.code, cut.output]).toEqual([1, `The audit trail breaks at row ${Number.parseInt(newest, 10)}: cut\n`]);

    await servers.asSuperuser((kysely) =>
      sql`update security_events set actor_id = 'nobody' where sequence = 2`.execute(kysely),
    );
    const edited = await servers.verifyAudit();
    expect(edited.code).toBe(1);
    expect(edited.output).toMatch(/^The audit trail breaks at row 2 \([0-9a-f-]{36}\): edited\n$/);
  });

  it('refuses a head that is none', async () => {
    const { code, output } = await servers.verifyAudit('newest');
    expect({ code, output: output.trim() }).toEqual({
      code: 64,
      output: 'the expected head is sequence:hash, as this command prints it',
    });
  });
});
