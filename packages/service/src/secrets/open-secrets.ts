import { azureSourceOf, type Environment, vaultSourceOf } from '@redoubt/config';
import type { Logger } from '@redoubt/logging';
import {
  createSecretResolver,
  createSecretSources,
  createSecretStore,
  type SecretResolver,
  type SecretSources,
  type SecretStore,
} from '@redoubt/secrets';
import { addSecretMetrics, type Metrics } from '@redoubt/server';

import type { ServiceSettings } from '../settings/service-settings.ts';
import { createSecretAnnouncer, type SecretAnnouncer } from './announce-secrets.ts';
import type { SecretDeclarations } from './secret-declarations.ts';
import { watchSecrets, type WatchedSecrets } from './watch-secrets.ts';

/** What a start needs to have its secrets. */
export interface SecretsContext {
  readonly settings: ServiceSettings;
  /** What each secret of the service is for. */
  readonly secretDeclarations: SecretDeclarations;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The secrets of a process, from their first reading to its end. */
export interface OpenSecrets extends WatchedSecrets {
  readonly store: SecretStore;
  readonly announcer: SecretAnnouncer;
  /** Reads once what a file of the settings refers to. */
  readonly resolver: SecretResolver;
}

/** What settings say of sources: those of the service, and those of its migrations. */
type SourceSettings = Parameters<typeof azureSourceOf>[0] &
  Parameters<typeof vaultSourceOf>[0] &
  Pick<ServiceSettings, 'NODE_ENV'>;

/** Where the secrets of the settings are read from. Nothing is asked yet. */
export function createServiceSources(settings: SourceSettings, environment: Environment): SecretSources {
  const vault = vaultSourceOf(settings, environment);
  return createSecretSources({
    environment,
    mode: settings.NODE_ENV,
    azure: azureSourceOf(settings),
    ...(vault === undefined ? {} : { vault }),
  });
}

/** Reads all secrets of the settings and keeps them fresh; whoever opened them closes the store, which gives leases back. */
export async function openSecrets({
  settings,
  secretDeclarations,
  environment,
  logger,
  metrics,
}: SecretsContext): Promise<OpenSecrets> {
  const sources = createServiceSources(settings, environment);
  // The counters are made with the gauges, which ask the store: each needs the other.
  const counters = addSecretMetrics(metrics.registry, () => store.statuses());
  const announcer = createSecretAnnouncer(logger, counters);
  const store: SecretStore = createSecretStore({ sources, observer: announcer.observer });
  return {
    ...(await watchSecrets(store, secretDeclarations, settings)),
    store,
    announcer,
    resolver: createSecretResolver(sources),
  };
}
