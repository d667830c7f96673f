import { randomUUID } from 'node:crypto';
import { describeSecretProvider, type SourceUnderTest } from '@redoubt/testing/contracts/secret-provider-contract';
import { afterAll, beforeAll } from 'vitest';
import { type ProviderUnderTest, vaultReference, VaultUnderTest } from './vault-under-test.ts';

type VaultSource = SourceUnderTest<'vault'> & ProviderUnderTest;

let vault: VaultUnderTest;

beforeAll(async () => {
  vault = await VaultUnderTest.start();
});

afterAll(() => vault.stop());

const JSON_HEADERS = { 'content-type': 'application/json' };

function saying(status: number, body: object) {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

function failing(status: number) {
  return (words: string) => saying(status, { errors: [words], warnings: [words], data: { error: words } });
}

/** A document of KV version 2, and what is wrong with it. */
function document(parts: { readonly data?: unknown; readonly metadata?: unknown }) {
  const metadata = { created_time: '2026-01-15T12:00:00.000000001Z', version: 1, destroyed: false };
  const data = { data: { username: 'app' }, metadata, ...parts };
  return saying(200, { request_id: randomUUID(), lease_id: '', lease_duration: 0, renewable: false, data });
}

describeSecretProvider<'vault', VaultSource>('Vault and OpenBao', {
  open: async () => vault.openProvider((await vault.createRole()).auth),
  async store(_source, name, text) {
    await vault.admin.putDocument(vault.kv, name, JSON.parse(text) as Record<string, unknown>);
    return vaultReference(`${vault.kv}/${name}`);
  },
  absent: (_source, name) => vaultReference(`${vault.kv}/${name}`),
  fields: 'of the document',
  versions: 'told',
  creationTimes: 'told',
  storeBinary: undefined,
  deny: (_source, { path }) => vault.allow(vault.admin, [path.slice(vault.kv.length + 1)]),
  storePending: undefined,
  async storeLeased(_source, name) {
    await vault.createDatabaseRole(name);
    return vaultReference(`${vault.database}/creds/${name}`);
  },
  network: {
    proxy: ({ proxy }) => proxy,
    isRead: ({ path }) => path.startsWith(`/v1/${vault.kv}/data/`),
    holding: (_reference, text) => document({ data: JSON.parse(text) as unknown }),
    throttled: failing(429),
    serverError: failing(500),
    denied: failing(403),
    malformed: {
      'a document without metadata': (words) => document({ data: { words }, metadata: undefined }),
      'a document that is a text': (words) => document({ data: words }),
      'a document that is a list': (words) => document({ data: [words] }),
      'a version that is a text': (words) =>
        document({ metadata: { created_time: '2026-01-15T12:00:00Z', version: words } }),
      'a version without a time': (words) => document({ metadata: { created_time: words, version: 1 } }),
      'data that are a list': (words) => saying(200, { data: [words] }),
    },
    // A standby that does not forward.
    redirects: { 307: 'unavailable' },
    signInRefused: { answer: failing(400), isMet: ({ path }) => path.endsWith('/login') },
  },
});
