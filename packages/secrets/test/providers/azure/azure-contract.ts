import type { FaultProxy } from '@redoubt/testing';
import type {
  NetworkContract,
  SecretProviderContract,
  SourceUnderTest,
} from '@redoubt/testing/contracts/secret-provider-contract';
import { isLogin, referenceTo, VAULT } from './azure-under-test.ts';
import { json, KeyVaultDouble, problem } from './key-vault-double.ts';

/** A provider that asks its key vault through a proxy. */
export interface ProxiedSource extends SourceUnderTest<'azure-kv'> {
  readonly proxy: FaultProxy;
}

const good = {
  id: `https://${VAULT}.vault.test/secrets/a/${'0'.repeat(32)}`,
  attributes: { enabled: true, created: 1 },
};

/** How Key Vault and Entra ID word what they do not give. */
export const network: NetworkContract<'azure-kv', ProxiedSource> = {
  proxy: ({ proxy }) => proxy,
  // The first request of a client has no token: it asks where to get one.
  isRead: (request) => !isLogin(request) && request.headers.authorization !== undefined,
  holding: ({ name }, text) => KeyVaultDouble.holding(VAULT, name, text),
  throttled: (words) => ({ ...problem(429, words, words, words), headers: { 'retry-after': '1' } }),
  serverError: (words) => problem(500, words, words, words),
  denied: (words) => problem(403, words, words, words),
  malformed: {
    'a value that is no text': (words) => json(200, { ...good, value: { words } }),
    'no value': (words) => json(200, { ...good, words }),
    'no id': (words) => json(200, { ...good, id: undefined, value: words }),
    'an id without a version': (words) => json(200, { ...good, id: 'https://a.vault.test/secrets/a', value: words }),
    'an id of something else': (words) => json(200, { ...good, id: `https://a.vault.test/${words}`, value: words }),
    'no attributes': (words) => json(200, { ...good, attributes: undefined, value: words }),
    'times that are none': (words) =>
      json(200, { ...good, attributes: { ...good.attributes, exp: words }, value: words }),
  },
  signInRefused: {
    answer: (words) => json(400, { error: words, error_description: words }),
    isMet: (request) => isLogin(request) && request.method === 'POST',
  },
};

/** The same where sign-ins do not go through the proxy: what shows is a key vault that takes no token. */
export const networkOfManagedIdentity: NetworkContract<'azure-kv', ProxiedSource> = {
  ...network,
  signInRefused: {
    answer: (words) => problem(401, words, words, words),
    isMet: (request) => request.headers.authorization !== undefined,
  },
};

/** What a key vault has and has not, whoever plays it. */
export const traits = {
  absent: (_source, name) => referenceTo(name),
  fields: 'of the document',
  versions: 'told',
  creationTimes: 'told',
  // Its values are texts.
  storeBinary: undefined,
  storePending: undefined,
  storeLeased: undefined,
} as const satisfies Partial<SecretProviderContract<'azure-kv', ProxiedSource>>;
