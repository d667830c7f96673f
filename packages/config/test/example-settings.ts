import { Type } from '@sinclair/typebox';
import {
  type Environment,
  type SettingFault,
  broadTrustedProxies,
  choiceSetting,
  cidrListSetting,
  defineSettings,
  developmentOnly,
  environmentSecret,
  hostSetting,
  loadSettings,
  originListSetting,
  originSetting,
  plainHttp,
  portSetting,
  refusedSetting,
  refuseInProduction,
  secretReferenceSetting,
  SettingsError,
  uncheckedCertificates,
  urlSetting,
  weakenedNode,
  wildcardOrigins,
} from '../src/index.ts';

/** A definition with every kind of setting, as a service would write it. */
export const exampleSettings = defineSettings({
  prefix: 'EXAMPLE_',
  schema: Type.Object({
    HOST: hostSetting({ description: 'Address to listen on', default: '127.0.0.1' }),
    PORT: portSetting({ description: 'Port to listen on', default: 3000 }),
    MANAGEMENT_PORT: portSetting({ description: 'Port for probes and metrics', default: 9000 }),
    PUBLIC_ORIGIN: originSetting({
      description: 'Where clients find the service',
      developmentDefault: 'http://localhost:3000',
    }),
    ALLOWED_ORIGINS: originListSetting({ description: 'Sites that may call it', default: [], maxItems: 3 }),
    TRUSTED_PROXIES: cidrListSetting({ description: 'Proxies that are believed', default: [] }),
    UPSTREAM_URL: Type.Optional(urlSetting({ description: 'Where reports go', protocols: ['https:', 'http:'] })),
    SIGNING_KEY: secretReferenceSetting({
      description: 'Key that signs tokens',
      developmentDefault: 'env://EXAMPLE_KEY',
    }),
    STORAGE: choiceSetting(['postgres', 'embedded'], {
      description: 'Where state lives',
      default: 'postgres',
      developmentDefault: 'embedded',
    }),
    DOCS_ENABLED: Type.Boolean({ description: 'Whether the reference page is served', default: false }),
    EXAMPLE_GREETING: Type.String({ description: 'First words', default: 'hello', minLength: 2, maxLength: 40 }),
    EXAMPLE_SHARDS: Type.Array(Type.String({ pattern: '^[a-z]+$' }), {
      description: 'Shards',
      default: [],
      uniqueItems: true,
    }),
    RATE_LIMIT_MAX: Type.Integer({ description: 'Requests in a minute', minimum: 1, maximum: 1000, default: 100 }),
    CLOCK_OFFSET_SECONDS: Type.Integer({ description: 'Shift of the clock', default: 0 }),
    TLS_VERSION: Type.Union([Type.Literal(2), Type.Literal(3)], { description: 'Lowest TLS 1.x', default: 3 }),
  }),
  rules: [
    ...refuseInProduction(
      plainHttp('PUBLIC_ORIGIN'),
      plainHttp('ALLOWED_ORIGINS'),
      plainHttp('UPSTREAM_URL'),
      wildcardOrigins('ALLOWED_ORIGINS'),
      broadTrustedProxies('TRUSTED_PROXIES'),
      environmentSecret('SIGNING_KEY'),
      developmentOnly('STORAGE', ['embedded'], 'Use postgres.'),
      developmentOnly('DOCS_ENABLED', [true], 'Read the reference in development.'),
      uncheckedCertificates,
      weakenedNode,
    ),
    ({ PORT, MANAGEMENT_PORT }) =>
      PORT !== 0 && PORT === MANAGEMENT_PORT
        ? refusedSetting('RD-019', 'MANAGEMENT_PORT', 'another port than PORT', 'Set MANAGEMENT_PORT to a free port.')
        : undefined,
  ],
});

/** The least that production has to state. */
export const productionEnvironment: Environment = {
  PUBLIC_ORIGIN: 'https://api.example.com',
  SIGNING_KEY: 'file:///run/secrets/signing-key',
};

/** The error that a configuration ends in, or undefined when it loads. */
export function settingsErrorOf(environment: Environment): SettingsError | undefined {
  try {
    loadSettings(exampleSettings, environment);
    return undefined;
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}

/** The faults of a configuration, none when it loads. */
export function faultsOf(environment: Environment): readonly SettingFault[] {
  return settingsErrorOf(environment)?.faults ?? [];
}
