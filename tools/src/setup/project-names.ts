import { defineSettings, hostSetting, loadSettings, SettingsError } from '@redoubt/config';
import { Type } from '@sinclair/typebox';

import { formsOf } from './name-forms.ts';
import { SetupError } from './setup-error.ts';

/** What a project is called, wherever it is named. */
export interface ProjectNames {
  /** For people: `Blue Heron`. Every other spelling is made from it. */
  readonly name: string;
  /** Of its packages: `@blue-heron`. */
  readonly scope: string;
  /** Below which it is reached, and has its addresses for mail: `heron.example`. */
  readonly domain: string;
  /** Who looks at every change, as CODEOWNERS has it: `@org/team` or `@user`. */
  readonly owner: string;
  /** Who looks at what decides about security. */
  readonly securityOwner: string;
}

/** Words of letters and digits, the first one a letter. */
const NAME = /^[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z0-9]+)*$/;

/** The longest name of a vault in Azure, the shortest limit of all places where the name ends up, and the least. */
const MIN_NAME_CHARACTERS = 3;
const MAX_NAME_CHARACTERS = 24;

/** Databases that PostgreSQL has already, and words that mean something else where pg_hba.conf names a database. */
const TAKEN: ReadonlySet<string> = new Set([
  'all',
  'postgres',
  'replication',
  'samegroup',
  'samerole',
  'sameuser',
  'template0',
  'template1',
]);

/** A scope of npm: what the registry takes for new ones. */
const SCOPE = /^@[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;
/** Package names have 214 characters at most, of which the longest name of a package here takes a few. */
const MAX_SCOPE_CHARACTERS = 150;

/** An address at the domain has to fit into 254 characters (RFC 5321, section 4.5.3.1.3). */
const MAX_DOMAIN_CHARACTERS = 200;

const LOGIN = '[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}';
/** A user or a team, as GitHub spells them. */
const OWNER = new RegExp(`^@${LOGIN}(?:/[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?)?$`);

/** @throws {SetupError} for a text that cannot be the name of a project everywhere where it has to be. */
export function parseName(text: string): string {
  const { length } = text;
  if (!NAME.test(text) || length < MIN_NAME_CHARACTERS || length > MAX_NAME_CHARACTERS)
    throw new SetupError(
      `--name: ${MIN_NAME_CHARACTERS} to ${MAX_NAME_CHARACTERS} letters and digits in words, the first a letter, such as "Blue Heron"`,
    );
  if (TAKEN.has(formsOf(text).kebab)) throw new SetupError(`--name: ${text} is a name that PostgreSQL has taken`);
  return text;
}

/** @throws {SetupError} for what is no scope of npm. */
export function parseScope(text: string): string {
  if (!SCOPE.test(text) || text.length > MAX_SCOPE_CHARACTERS)
    throw new SetupError('--scope: a scope of npm in small letters, such as @blue-heron');
  return text;
}

const domainSettings = defineSettings({
  prefix: 'SETUP_',
  schema: Type.Object({ SETUP_DOMAIN: hostSetting({ description: 'Domain of the project' }) }),
});

/** @throws {SetupError} for what no setting would take as a host name, for an address, and for a single label. */
export function parseDomain(text: string): string {
  const expected = new SetupError('--domain: a domain name in small letters, such as heron.example');
  if (text !== text.toLowerCase() || text.length > MAX_DOMAIN_CHARACTERS || !/\.[a-z][a-z0-9-]*$/.test(text))
    throw expected;
  try {
    return loadSettings(domainSettings, { SETUP_DOMAIN: text }).SETUP_DOMAIN;
  } catch (error) {
    if (error instanceof SettingsError) throw expected;
    throw error;
  }
}

/** @throws {SetupError} for what CODEOWNERS could not name. */
export function parseOwner(text: string): string {
  if (!OWNER.test(text)) throw new SetupError('--owner: a team or a user of GitHub, such as @blue-heron/platform');
  return text;
}

/** All names, each one checked. */
export function parseNames(names: ProjectNames): ProjectNames {
  return {
    name: parseName(names.name),
    scope: parseScope(names.scope),
    domain: parseDomain(names.domain),
    owner: parseOwner(names.owner),
    securityOwner: parseOwner(names.securityOwner),
  };
}

/** Whether two projects are called the same. */
export function areSameNames(one: ProjectNames, other: ProjectNames): boolean {
  return (
    one.name === other.name &&
    one.scope === other.scope &&
    one.domain === other.domain &&
    one.owner === other.owner &&
    one.securityOwner === other.securityOwner
  );
}
