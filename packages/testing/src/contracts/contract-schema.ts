import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Buffer } from 'node:buffer';
import type { ColumnType, Generated } from 'kysely';

/** The tables that {@link CONTRACT_MIGRATIONS} make. */
export interface ContractSchema {
  notes: {
    id: Generated<string>;
    title: string;
    slug: string | null;
  };
  samples: {
    id: number;
    whole: string | null;
    exact: string | null;
    day: string | null;
    local_time: string | null;
    instant: Date | null;
    span: string | null;
    bytes: Buffer | null;
    document: ColumnType<unknown, string | null, never>;
    yes: boolean | null;
    text: string | null;
    wholes: ColumnType<string[] | null, string | null, never>;
  };
}

/** Migrations as a team would write them: several statements to a file, a function, comments. */
export const CONTRACT_MIGRATIONS: Readonly<Record<string, string>> = {
  '0001-create-notes.sql': `
    -- Two constraints, to be told apart.
    create table notes (
      id bigint generated always as identity primary key,
      title text not null constraint notes_title_unique unique,
      slug text constraint notes_slug_unique unique
    );
    create index notes_title_lower on notes (lower(title));`,
  '0002-create-samples.sql': `
    create table samples (
      id integer primary key, whole bigint, exact numeric, day date, local_time timestamp, instant timestamptz,
      span interval, bytes bytea, document jsonb, yes boolean, text text, wholes bigint[]
    );
    /* A body with semicolons and dollar quotes. */
    create function count_notes() returns bigint language plpgsql as $body$
    begin
      return (select count(*) from notes);
    end;
    $body$;`,
};

/** Runs something with a directory of these files, and removes it. */
export async function withMigrations<T>(
  files: Readonly<Record<string, string>>,
  run: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return await run(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
