import type { PolicyRule } from '../policy-rule.ts';
import { placesOf, serviceSources } from './service-sources.ts';

/** Calls that take the name of a digest. */
const BROKEN_DIGEST =
  /\b(?:createHash|createHmac|createSign|createVerify|hash|sign|verify|digest|pbkdf2(?:Sync)?|hkdf(?:Sync)?)\((?:[^;()]|\([^()]*\)){0,200}?['"`](?:rsa-|ecdsa-with-)?(?<name>md[245]|sha-?1|ripemd(?:160)?)['"`]/gi;

/** SQL that is put together from text: `sql.raw(…)` of Kysely, and a template with values for a driver. */
const RAW_SQL = /\bsql\s*\.\s*(?:raw|unsafe)\b|\.query\(\s*(?:`[^`]*\$\{|['"][^'"\n]*['"]\s*\+)/g;

/** Where text becomes SQL, each with the reason why nobody from outside has a say in it. */
const rawSqlPlaces: Readonly<Record<string, string>> = {
  'packages/storage/src/migrations/migrate.ts': 'files of the repository, whose digests are compared',
  'packages/storage/src/roles/role-statements.ts':
    'a name of a role, which was checked: PostgreSQL takes no parameter there',
};

const PLAIN_HTTP = /(?<=['"`])http:\/\/(?<host>[^/'"`\s]*)/g;
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)/;

/** Where an address without TLS is made, each with the reason. */
const plainHttpPlaces: Readonly<Record<string, string>> = {
  'packages/service/src/commands/health.ts': 'asks its own process, inside the container',
};

/** An import by its statement, over several lines. */
const CRYPTO_IMPORT = /\bimport\s+(?<what>[^;]*?)\s+from\s+['"](?:node:)?crypto['"]/g;

/** Randomness, digests and readers of certificates: no key is used by any of them. */
const KEYLESS: ReadonlySet<string> = new Set([
  'constants',
  'createHash',
  'hash',
  'randomBytes',
  'randomFillSync',
  'randomInt',
  'randomUUID',
  'randomUUIDv7',
  'timingSafeEqual',
  'X509Certificate',
]);

const GLOBAL_CRYPTO = /\bcrypto\s*\.\s*subtle\b|\bwebcrypto\s*\./g;

/** Where keys are used. */
const CRYPTO_ROOMS = /^(?:packages\/(?:auth|secrets)|docker)\/src\//;

/** Files outside of those rooms that read a key, or make what a server wants, each with the reason. */
const cryptoPlaces: Readonly<Record<string, string>> = {
  'packages/service/src/secrets/secret-declarations.ts': 'reads a key, to say what is wrong with it before a start',
  'packages/config/src/self-check/tls/tls-facts.ts': 'reads a key, to compare it with its certificate',
  'packages/server/src/tls/tls-material.ts': 'reads a key, to compare it with its certificate',
  'packages/storage/src/roles/scram-verifier.ts': 'makes what PostgreSQL keeps of a password (RFC 5802)',
};

/** Modules that a service has no use for, by any way that a module is reached. */
const BANNED_MODULES = 'child_process|cluster|inspector(?:/promises)?|repl|vm|worker_threads|wasi';
const IMPORT_OF_BANNED = new RegExp(
  String.raw`(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"](?<name>(?:node:)?(?:${BANNED_MODULES}))['"]`,
  'g',
);

/** Ways to a module that the linter does not see through. */
const HIDDEN_IMPORT =
  /\bprocess\.(?:getBuiltinModule|binding|dlopen)\b|\bcreateRequire\b|\bimport\((?!\s*['"])|(?<![.\w])require\(/g;

const hiddenImportPlaces: Readonly<Record<string, string>> = {
  'packages/config/src/self-check/process/node-facts.ts':
    'asks whether an inspector listens, and only where there is one',
};

/** What SR-77 bans, and oxlint has no rule for. */
export const banRules: readonly PolicyRule[] = [
  {
    id: 'P-704',
    title: 'No digest that is broken is made or asked for',
    requirement: 'SR-77',
    reason: 'Two texts of one MD5 or SHA-1 are made on a laptop.',
    fix: 'use SHA-256',
    check: (input) =>
      serviceSources(input).flatMap(({ file, text }) =>
        placesOf(file, text, BROKEN_DIGEST, ({ groups }) => `${groups?.['name'] ?? ''} is used`),
      ),
  },
  {
    id: 'P-705',
    title: 'SQL is not put together from text',
    requirement: 'SR-77',
    reason: 'What a client sends would be read as a command.',
    fix: 'use the query builder or a template of `sql`, which sends values beside the text; a place that cannot is listed in ban-rules.ts',
    check: (input) =>
      serviceSources(input)
        .filter(({ file }) => !Object.hasOwn(rawSqlPlaces, file))
        .flatMap(({ file, text }) => placesOf(file, text, RAW_SQL, () => 'text becomes SQL')),
  },
  {
    id: 'P-706',
    title: 'No address is without TLS, but on the loopback',
    requirement: 'SR-77',
    reason: 'Tokens and personal data would be read on the way.',
    fix: 'write https; a place that cannot is listed in ban-rules.ts',
    check: (input) =>
      serviceSources(input)
        .filter(({ file }) => !Object.hasOwn(plainHttpPlaces, file))
        .flatMap(({ file, text }) =>
          placesOf(file, text, PLAIN_HTTP, ({ groups: { host = '' } = {} }) =>
            LOOPBACK.test(host) ? undefined : `http://${host} is not encrypted`,
          ),
        ),
  },
  {
    id: 'P-707',
    title: 'Keys are used in packages/auth and packages/secrets alone',
    requirement: 'SR-77',
    reason: 'A cipher beside a route is one that nobody who knows them has looked at.',
    fix: 'call what packages/auth offers; randomness and SHA-256 are free for all, by name; a place that reads a key is listed in ban-rules.ts',
    check: (input) =>
      serviceSources(input)
        .filter(({ file }) => !CRYPTO_ROOMS.test(file) && !Object.hasOwn(cryptoPlaces, file))
        .flatMap(({ file, text }) =>
          placesOf(file, text, CRYPTO_IMPORT, ({ groups: { what = '' } = {} }) => keyedImport(what)).concat(
            placesOf(file, text, GLOBAL_CRYPTO, ([match]) => `${match} is used`),
          ),
        ),
  },
  {
    id: 'P-708',
    title: 'No module that starts programs or runs text is reached, by no way',
    requirement: 'SR-77',
    reason: 'The linter sees import statements; import(), require and getBuiltinModule reach the same modules.',
    fix: 'do it without; a place that asks only is listed in ban-rules.ts',
    check: (input) =>
      serviceSources(input)
        .filter(({ file }) => !Object.hasOwn(hiddenImportPlaces, file))
        .flatMap(({ file, text }) =>
          placesOf(file, text, IMPORT_OF_BANNED, ({ groups }) => `${groups?.['name'] ?? ''} is imported`).concat(
            placesOf(file, text, HIDDEN_IMPORT, ([match]) => `${match.trim()} reaches any module`),
          ),
        ),
  },
];

function keyedImport(what: string): string | undefined {
  const names = keyedNames(what);
  return names.length === 0 ? undefined : `${names.join(', ')} of node:crypto`;
}

/** What of an import uses keys. A module as a whole does; types do not. */
function keyedNames(what: string): string[] {
  if (what.startsWith('type ')) return [];
  const list = /\{(?<names>[^}]*)\}/.exec(what)?.groups?.['names'];
  if (list === undefined || !what.startsWith('{')) return [what];
  return list
    .split(',')
    .map((name) => name.trim().replace(/\s+as\s.*$/, ''))
    .filter((name) => name !== '' && !name.startsWith('type ') && !KEYLESS.has(name));
}
