import type { SecurityEvent } from '@redoubt/logging';
import { createUuidV7 } from '@redoubt/logging';
import {
  type AuditHead,
  type AuditRow,
  type AuditVerdict,
  hashAuditRow,
  SecurityEventStore,
  verifyAuditChain,
} from '@redoubt/service/testing';
import type { Database } from '@redoubt/storage';
import { type Kysely, sql, type Transaction } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';

import type { DatabaseSchema } from '../../src/database-schema.ts';

/** A database under test, and the way to do to it what the service cannot. */
export interface AuditedDatabase {
  readonly database: Database<DatabaseSchema>;
  asSuperuser(act: (kysely: Kysely<DatabaseSchema>) => Promise<unknown>): Promise<void>;
}

/** An event that differs from every other one. */
export function createEvent(index: number): SecurityEvent {
  return {
    id: createUuidV7(),
    name: 'authz_change',
    severity: 'warning',
    occurredAt: new Date(Date.UTC(2026, 10, 23, 21, 30) + index).toISOString(),
    ...(index % 2 === 0 ? { actorId: createUuidV7(), requestId: `request-${index}` } : {}),
    ...(index % 3 === 0 ? { subjectId: 'Ünïcode ✓ 𝄞\nline', clientAddress: '2001:db8::1' } : {}),
    details: { to: 'admin', from: `role-${index}`, 'a key with "quotes"': 'back\\slash', number: 1e21 / 3, flag: true },
  };
}

/** Where an attacker's change must be found. */
type Finding = { readonly sequence: bigint; readonly fault: string };

/** What an attacker with the rights of the database's owner does, and what the verifier says. */
const attacks: Record<string, [act: (kysely: Kysely<DatabaseSchema>) => Promise<unknown>, found: Finding]> = {
  ...Object.fromEntries(
    [
      "name = 'authn_login_success'",
      "severity = 'info'",
      "occurred_at = occurred_at + interval '1 microsecond'",
      "actor_id = 'somebody else'",
      'actor_id = null',
      "subject_id = 'somebody else'",
      "client_address = '127.0.0.1'",
      "request_id = 'another-request'",
      `details = details || '{"to":"user"}'`,
      `details = '{}'`,
      'id = gen_random_uuid()',
    ].map((change): [string, [(kysely: Kysely<DatabaseSchema>) => Promise<unknown>, Finding]] => [
      `edits a row: ${change}`,
      [
        (kysely) => sql.raw(`update security_events set ${change} where sequence = 7`).execute(kysely),
        { sequence: 7n, fault: 'edited' },
      ],
    ]),
  ),
  'edits a row and its hash': [(kysely) => forge(kysely, 5), { sequence: 6n, fault: 'unlinked' }],
  'removes a row': [
    (kysely) => sql`delete from security_events where sequence = 4`.execute(kysely),
    { sequence: 4n, fault: 'missing' },
  ],
  'removes the first rows': [
    (kysely) => sql`delete from security_events where sequence <= 3`.execute(kysely),
    { sequence: 1n, fault: 'missing' },
  ],
  'removes a row and closes the gap': [
    async (kysely) => {
      await sql`delete from security_events where sequence = 4`.execute(kysely);
      for (let next = 5; next <= 10; next += 1)
        await sql`update security_events set sequence = sequence - 1 where sequence = ${next}`.execute(kysely);
    },
    { sequence: 4n, fault: 'edited' },
  ],
  'swaps two rows': [
    async (kysely) => {
      await sql`update security_events set sequence = 0 where sequence = 3`.execute(kysely);
      await sql`update security_events set sequence = 3 where sequence = 8`.execute(kysely);
      await sql`update security_events set sequence = 8 where sequence = 0`.execute(kysely);
    },
    { sequence: 3n, fault: 'edited' },
  ],
  'puts a row of their own in the place of another': [
    async (kysely) => {
      await sql`set local session_replication_role = replica`.execute(kysely);
      await sql`update security_events set id = gen_random_uuid(), details = '{}' where sequence = 2`.execute(kysely);
      await forge(kysely, 2);
    },
    { sequence: 3n, fault: 'unlinked' },
  ],
};

/** Changes a row and gives it the hash that its new content has. */
async function forge(kysely: Kysely<DatabaseSchema>, sequence: number): Promise<void> {
  await sql`update security_events set actor_id = 'forged' where sequence = ${sequence}`.execute(kysely);
  const { rows } = await sql<AuditRow>`
    select sequence::text as sequence, previous_hash as "previousHash", hash, id::text as id, name, severity,
      to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt",
      actor_id as "actorId", subject_id as "subjectId", client_address as "clientAddress", request_id as "requestId",
      details::text as details
    from security_events where security_events.sequence = ${sequence}`.execute(kysely);
  const [row] = rows;
  if (row === undefined) throw new Error('there is no such row');
  await sql`update security_events set hash = ${hashAuditRow(row)} where sequence = ${sequence}`.execute(kysely);
}

/** The tests of the audit table that every database passes. */
export function describeAuditChain(name: string, open: () => AuditedDatabase): void {
  const verify = (expected?: AuditHead): Promise<AuditVerdict> => verifyAuditChain(open().database.kysely, expected);
  const append = async (first: number, count: number): Promise<void> => {
    const events = Array.from({ length: count }, (_, index) => createEvent(first + index));
    await new SecurityEventStore(open().database.kysely).append(events);
  };
  const headOf = async (): Promise<AuditHead> => {
    const verdict = await verify();
    if (verdict.kind !== 'whole') throw new Error(`the chain is broken: ${verdict.at.fault}`);
    return verdict.head;
  };
  const tamper = (act: (transaction: Transaction<DatabaseSchema>) => Promise<unknown>): Promise<void> =>
    open().asSuperuser((kysely) =>
      kysely.transaction().execute(async (transaction) => {
        await sql`set local role none`.execute(transaction);
        await act(transaction);
      }),
    );

  describe(`the audit table on ${name}`, () => {
    beforeEach(async () => {
      await tamper((kysely) => sql`truncate security_events`.execute(kysely));
      await append(0, 10);
    });

    it('SR-48: is whole when nobody has touched it, over more rows than are read at once', async () => {
      expect(await headOf()).toMatchObject({ sequence: 10n });
      for (let first = 10; first < 2_110; first += 100) await append(first, 100);
      expect(await headOf()).toMatchObject({ sequence: 2_110n });
    });

    for (const [what, [act, found]] of Object.entries(attacks)) {
      it(`SR-48: tells when somebody ${what}`, async () => {
        await tamper(act);
        const verdict = await verify();
        expect(verdict).toMatchObject({ kind: 'broken', at: found });
      });
    }

    it('SR-48: tells that the newest rows were cut off, to who knows a head of before', async () => {
      const expected = await headOf();
      await tamper((kysely) => sql`delete from security_events where sequence > 8`.execute(kysely));
      expect(await verify()).toMatchObject({ kind: 'whole' });
      expect(await verify(expected)).toEqual({ kind: 'broken', at: { sequence: 9n, fault: 'cut' } });
    });

    it('SR-48: tells that the newest rows were written anew, to who knows a head of before', async () => {
      const expected = await headOf();
      await append(10, 5);
      expect(await verify(expected)).toMatchObject({ kind: 'whole' });
      await tamper((kysely) => sql`delete from security_events where sequence >= 10`.execute(kysely));
      await append(20, 5);
      expect(await verify(expected)).toMatchObject({ kind: 'broken', at: { sequence: 10n, fault: 'rewritten' } });
    });

    for (const statement of [
      "update security_events set name = 'user_updated'",
      'delete from security_events',
      'truncate security_events',
      'alter table security_events disable trigger all',
      'drop table security_events',
      'drop function chain_security_event()',
      "set session_replication_role = 'replica'",
    ]) {
      it(`SR-48, SR-49: the service may not: ${statement}`, async () => {
        // PGlite is a superuser who plays the role: what a superuser's session may set is for a server to refuse.
        if (name === 'PGlite' && statement.startsWith('set')) return;
        await expect(sql.raw(statement).execute(open().database.kysely)).rejects.toThrow(
          /permission denied|must be owner/,
        );
        expect(await headOf()).toMatchObject({ sequence: 10n });
      });
    }

    it('SR-48: numbers and hashes a row itself, whatever the service sends', async () => {
      await sql`
        insert into security_events (id, name, severity, occurred_at, sequence, previous_hash, hash)
        values (${createUuidV7()}, 'sys_startup', 'warning', now(), 3, ${'1'.repeat(64)}, ${'2'.repeat(64)})
      `.execute(open().database.kysely);
      expect(await headOf()).toMatchObject({ sequence: 11n });
    });
  });
}
