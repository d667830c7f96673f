import { type Kysely, sql } from 'kysely';

import type { ServiceSchema } from '../database/service-database.ts';
import {
  type AuditBreak,
  type AuditFault,
  type AuditHead,
  type AuditRow,
  CHAIN_START,
  findAuditFault,
} from './audit-chain.ts';

/** Rows that are read at once: about 1 MiB. */
const PAGE_ROWS = 1_000;

/** What a verification found: where the chain ends, or where it breaks first. */
export type AuditVerdict =
  | { readonly kind: 'whole'; readonly head: AuditHead }
  | { readonly kind: 'broken'; readonly at: AuditBreak };

/**
 * Reads the audit table from its first row to its last and checks each one (SR-48). By itself the chain cannot tell that
 * its newest rows were cut off, or that all of it was written anew: `expected`, a head that was noted outside of the
 * database, can. Rows that are appended meanwhile are checked, too.
 */
export async function verifyAuditChain<Schema extends ServiceSchema>(
  database: Kysely<Schema>,
  expected: AuditHead = CHAIN_START,
): Promise<AuditVerdict> {
  let head = CHAIN_START;
  for (;;) {
    const rows = await readPage(database, head.sequence);
    for (const row of rows) {
      const fault = findAuditFault(head, row) ?? compareWith(expected, row);
      if (fault !== undefined) return { kind: 'broken', at: breakAt(head, row, fault) };
      head = { sequence: BigInt(row.sequence), hash: row.hash };
    }
    if (rows.length < PAGE_ROWS) break;
  }
  if (head.sequence >= expected.sequence) return { kind: 'whole', head };
  return { kind: 'broken', at: { sequence: head.sequence + 1n, fault: 'cut' } };
}

function compareWith(expected: AuditHead, row: AuditRow): AuditFault | undefined {
  return BigInt(row.sequence) === expected.sequence && row.hash !== expected.hash ? 'rewritten' : undefined;
}

function breakAt(head: AuditHead, row: AuditRow, fault: AuditFault): AuditBreak {
  if (fault === 'missing') return { sequence: head.sequence + 1n, fault };
  return { sequence: BigInt(row.sequence), fault, id: row.id };
}

async function readPage<Schema>(database: Kysely<Schema>, after: bigint): Promise<readonly AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    select
      sequence::text as "sequence", previous_hash as "previousHash", hash, id::text as id, name, severity,
      to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt",
      actor_id as "actorId", subject_id as "subjectId", client_address as "clientAddress", request_id as "requestId",
      details::text as details
    from security_events
    where sequence > ${String(after)}::bigint
    order by security_events.sequence
    limit ${PAGE_ROWS}`.execute(database);
  return rows;
}
