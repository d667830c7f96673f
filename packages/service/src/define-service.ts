import type { KeyRing, PeerIssuer, Roles } from '@redoubt/auth';
import { secretSettingsOf, type SelfCheckRule, type SettingsDefinition } from '@redoubt/config';
import type { Logger } from '@redoubt/logging';
import type { Closable, Metrics, Server } from '@redoubt/server';

import type { ServiceDatabase, ServiceSchema } from './database/service-database.ts';
import type { RetentionRule } from './retention/retention-job.ts';
import { type SecretDeclarations, serviceSecretDeclarations } from './secrets/secret-declarations.ts';
import type { ServiceSecrets } from './secrets/watch-secrets.ts';
import type { ServiceDependencies, ServiceOptions } from './service-dependencies.ts';
import type { ServiceSettings } from './settings/service-settings.ts';

/** Routes that belong together. */
export interface ServiceModule<Dependencies, Options> {
  readonly name: string;
  addRoutes(app: Server, dependencies: Dependencies, options: Options): void;
}

/** What a start has when it opens what only this service leans on. */
export interface OpenContext<Settings> {
  readonly settings: Settings;
  readonly secrets: ServiceSecrets;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where a development start keeps its state; absent in production. */
  readonly developmentDirectory?: string;
}

/** What makes a service's own access tokens provable. */
export interface OwnTokens {
  readonly keyRing: KeyRing;
  readonly audience: string;
}

/** What a service says of itself; everything that it does not say is the same for all. */
export interface ServiceDefinition<
  Settings extends ServiceSettings,
  Schema extends ServiceSchema,
  Adapters extends object,
  Own extends object,
  Options extends object,
> {
  readonly database: ServiceDatabase<Schema>;
  /** One sentence, for the API reference. */
  readonly description: string;
  readonly settings: SettingsDefinition<Settings>;
  /** What each role may do: those of the access tokens that it takes. */
  readonly roles: Roles;
  /** What its own secrets are for, by the settings that refer to them. */
  readonly secrets?: SecretDeclarations;
  /** Its routes; those that every service has come after them. */
  readonly modules: readonly ServiceModule<ServiceDependencies<Schema> & Own, ServiceOptions & Options>[];
  /** What the self-check judges of its own settings. */
  readonly selfCheck?: readonly SelfCheckRule<Settings>[];
  /** Opens what only this service leans on, once the self-check found no error. */
  open?(context: OpenContext<Settings>): Promise<Adapters>;
  /** Makes what its routes need of what was opened; absent: they need just that. */
  createDependencies?(context: {
    readonly settings: Settings;
    readonly adapters: Adapters;
    readonly common: ServiceDependencies<Schema>;
  }): Own;
  /** Whose access tokens it takes as its own; absent: it issues none. */
  ownTokens?(settings: Settings, adapters: Adapters): OwnTokens;
  /** The peer whose access tokens it takes, with the ids of people in them, in place of own ones; absent: of none. */
  peerTokens?(settings: Settings, adapters: Adapters): PeerIssuer;
  /** What its settings decide about its routes. */
  options?(settings: Settings): Options;
  /** What it forgets (SR-80), beside keys of idempotent requests. */
  retention?(dependencies: ServiceDependencies<Schema> & Own): readonly RetentionRule[];
  /** What ends with it, once no request needs it any more and before the shared store and the database close. */
  closables?(dependencies: ServiceDependencies<Schema> & Own): readonly Closable[];
}

/** A service as what all services have in common sees it. */
export interface Service extends Omit<
  ServiceDefinition<ServiceSettings, ServiceSchema, object, object, object>,
  'secrets'
> {
  readonly name: string;
  /** What each of its secrets is for, the common ones among them. */
  readonly secrets: SecretDeclarations;
}

/** What {@link defineService} makes: a service, and the types of what is its own. */
export interface DefinedService<
  Settings extends ServiceSettings = ServiceSettings,
  Schema extends ServiceSchema = ServiceSchema,
  Adapters extends object = object,
  Own extends object = object,
  Options extends object = object,
> {
  readonly service: Service;
  /** Types alone; no value. */
  readonly types?: {
    readonly settings: Settings;
    readonly schema: Schema;
    readonly adapters: Adapters;
    readonly dependencies: ServiceDependencies<Schema> & Own;
    readonly options: ServiceOptions & Options;
  };
}

/**
 * Declares a service. Nothing is opened or read: `runService`, `develop` and the tests do that.
 *
 * @throws {TypeError} for a setting that refers to a secret of which nothing is said, for a secret without a setting, and for
 *   own tokens beside those of a peer.
 */
export function defineService<
  Settings extends ServiceSettings,
  Schema extends ServiceSchema,
  Adapters extends object = object,
  Own extends object = Adapters,
  Options extends object = object,
>(
  definition: ServiceDefinition<Settings, Schema, Adapters, Own, Options>,
): DefinedService<Settings, Schema, Adapters, Own, Options> {
  const secrets: SecretDeclarations = { ...definition.secrets, ...serviceSecretDeclarations };
  assertSame(secretSettingsOf(definition.settings), Object.keys(secrets));
  // Each could name the people of the other.
  if (definition.ownTokens !== undefined && definition.peerTokens !== undefined)
    throw new TypeError('a service that issues tokens takes none of a peer');
  // Every service is handed its own settings, tables and dependencies, by the same functions: none of them looks into it.
  const service = { ...definition, name: definition.database.service, secrets } as unknown as Service;
  return { service };
}

function assertSame(settings: readonly string[], declared: readonly string[]): void {
  const unsaid = settings.find((name) => !declared.includes(name));
  if (unsaid !== undefined) throw new TypeError(`say in secrets what ${unsaid} is for`);
  const unset = declared.find((name) => !settings.includes(name));
  if (unset !== undefined) throw new TypeError(`there is no setting ${unset} that refers to a secret`);
}
