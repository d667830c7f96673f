import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

/** A row of the audit table, each column as the text that its hash is made of. */
export interface AuditRow {
  readonly sequence: string;
  readonly previousHash: string;
  readonly hash: string;
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  /** UTC with microseconds. */
  readonly occurredAt: string;
  readonly actorId: string | null;
  readonly subjectId: string | null;
  readonly clientAddress: string | null;
  readonly requestId: string | null;
  /** As the database writes it. */
  readonly details: string;
}

/** Where a chain stands: the number and the hash of a row. */
export interface AuditHead {
  readonly sequence: bigint;
  readonly hash: string;
}

/** What is wrong with a row, or with the one that should be there. */
export type AuditFault =
  /** Its content is not what was hashed. */
  | 'edited'
  /** One or more rows before it are gone. */
  | 'missing'
  /** It does not follow the row before it: one of the two was put there, moved or written anew. */
  | 'unlinked'
  /** The chain ends before the row that was expected: the newest were cut off. */
  | 'cut'
  /** The row that was expected is there with another hash: it and what follows were written anew. */
  | 'rewritten';

/** The first row that breaks a chain. */
export interface AuditBreak {
  readonly sequence: bigint;
  readonly fault: AuditFault;
  /** Of the row that shows it; absent for one that is not there. */
  readonly id?: string;
}

/** Before the first row: no hash is all zeros. */
export const CHAIN_START: AuditHead = { sequence: 0n, hash: '0'.repeat(64) };

/** The number, and the hash in eight groups: a log takes 64 digits in a row for a secret. */
const HEAD = /^([1-9]\d{0,18})((?::[0-9a-f]{8}){8})$/;

/** Reads a head; `undefined` for anything else. */
export function parseAuditHead(text: string): AuditHead | undefined {
  const [, sequence, groups] = HEAD.exec(text) ?? [];
  if (sequence === undefined || groups === undefined) return undefined;
  return { sequence: BigInt(sequence), hash: groups.replaceAll(':', '') };
}

/** Writes a head as {@link parseAuditHead} reads it. */
export function formatAuditHead({ sequence, hash }: AuditHead): string {
  return [String(sequence), ...(hash.match(/.{8}/g) ?? [])].join(':');
}

/**
 * Computes the hash of a row as migration 0007 does: SHA-256 over its parts, each with its length in bytes. Written a
 * second time, so that who changes the function in the database does not change what is verified.
 */
export function hashAuditRow(row: AuditRow): string {
  const parts = [
    row.previousHash,
    row.sequence,
    row.id,
    row.name,
    row.severity,
    row.occurredAt,
    row.actorId,
    row.subjectId,
    row.clientAddress,
    row.requestId,
    row.details,
  ].map((part) => (part === null ? '-' : `${Buffer.byteLength(part)}:${part}`));
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** Says what is wrong with a row that comes after `before`; `undefined` when it follows and is as it was written. */
export function findAuditFault(before: AuditHead, row: AuditRow): AuditFault | undefined {
  const sequence = BigInt(row.sequence);
  if (sequence > before.sequence + 1n) return 'missing';
  if (hashAuditRow(row) !== row.hash) return 'edited';
  return sequence === before.sequence + 1n && row.previousHash === before.hash ? undefined : 'unlinked';
}
