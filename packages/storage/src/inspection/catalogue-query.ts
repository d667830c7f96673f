import type { Kysely, RawBuilder } from 'kysely';
import { causesOf, codeOf } from '../database/error-code.ts';

/**
 * SQLSTATEs of a catalogue that does not tell (PostgreSQL manual, appendix A): no privilege, as where a server was
 * hardened; no such function, table or column, as in older servers and in the embedded twin.
 */
const NOT_TOLD: ReadonlySet<string> = new Set(['42501', '42883', '42P01', '42703']);

/**
 * The one row of a question to the catalogue, or nothing where the server does not tell: then the facts are not known.
 *
 * @throws whatever else goes wrong: a server that cannot be asked is no fact.
 */
export async function askCatalogue<Schema, Row extends object>(
  kysely: Kysely<Schema>,
  question: RawBuilder<Row>,
): Promise<Partial<Row>> {
  try {
    const { rows } = await question.execute(kysely);
    return rows[0] ?? {};
  } catch (error) {
    for (const cause of causesOf(error)) {
      if (NOT_TOLD.has(codeOf(cause) ?? '')) return {};
    }
    throw error;
  }
}
