import type { LoadedSettings } from '@redoubt/config';
import { callsTo, defineServiceSettings, trustsTokensOf } from '@redoubt/service';

/** How the service calls api: by mutual TLS, with a certificate of its own (SR-28). */
export const api = callsTo('API', { developmentUrl: 'http://127.0.0.1:3000' });

/** Whose access tokens it takes: api's, so that who signs in there is the same person here (SR-15). */
export const apiTokens = trustsTokensOf('API', {
  developmentIssuer: 'http://127.0.0.1:3000',
  developmentAudience: 'redoubt-api',
});

/** What the service can be told, beside what every service can. */
export const settings = defineServiceSettings({
  prefix: 'SAMPLESERVICE_',
  own: { ...api.settings, ...apiTokens.settings },
  rules: [...api.rules, ...apiTokens.rules],
  development: { port: 3001, managementPort: 9001, directory: '.local/sample-service' },
});

/** The settings, checked. */
export type Settings = LoadedSettings<typeof settings>;
