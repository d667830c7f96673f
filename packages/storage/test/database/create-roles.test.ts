import { randomBytes } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { Secret } from '@redoubt/secrets';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createRoles } from '../../src/index.ts';
import { createScramVerifier } from '../../src/roles/scram-verifier.ts';
import { createPasswords } from '../roles/reading-roles.ts';

describe('the passwords of database roles', () => {
  it('SR-51: are part of no statement', async () => {
    const passwords = createPasswords();
    const statements: string[] = [];
    const kysely = new Kysely<unknown>({
      dialect: new PGliteDialect({ pglite: new PGlite() }),
      log: ({ query }) => {
        statements.push(query.sql, JSON.stringify(query.parameters));
      },
    });
    await createRoles({
      database: { kysely, ping: () => Promise.resolve(), close: () => kysely.destroy() },
      ...passwords,
    });
    const said = statements.join('\n');
    expect(said).toContain('SCRAM-SHA-256$');
    for (const password of Object.values(passwords)) expect(said).not.toContain(password.expose());
    const { rows } = await sql<{ name: string; stored: string }>`
      select rolname as name, left(rolpassword, 13) as stored from pg_authid where rolname like 'app_%'`.execute(
      kysely,
    );
    expect(rows.toSorted((a, b) => a.name.localeCompare(b.name))).toStrictEqual(
      ['app_backup', 'app_migrator', 'app_reader', 'app_runtime'].map((name) => ({ name, stored: 'SCRAM-SHA-256' })),
    );
    await kysely.destroy();
  });

  it('are derived with another salt each time', async () => {
    const password = Secret.of(randomBytes(16).toString('hex'));
    expect(await createScramVerifier(password)).not.toBe(await createScramVerifier(password));
  });

  for (const password of ['', 'with space', 'ключ', 'tab\t', 'a'.repeat(257)]) {
    it(`cannot be ${JSON.stringify(password.slice(0, 12))}`, async () => {
      await expect(createScramVerifier(Secret.of(password))).rejects.toThrow(TypeError);
    });
  }
});
