import { type Environment, type Finding, findingsOfFaults } from '../../../src/index.ts';
import { productionEnvironment, settingsErrorOf } from '../../example-settings.ts';
import { type BadConfiguration, type BadConfigurations, canary } from './bad-configuration.ts';

/** What loading the example settings finds in an environment. */
function findingsOfLoading(environment: Environment): readonly Finding[] {
  const error = settingsErrorOf(environment);
  return error === undefined ? [] : findingsOfFaults(error);
}

/** A change of a sound environment that makes it bad, and another that does not. */
function variable(what: string, bad: Environment, mended: Environment): BadConfiguration {
  return {
    what,
    bad: () => findingsOfLoading({ ...productionEnvironment, ...bad }),
    mended: () => findingsOfLoading({ ...productionEnvironment, ...mended }),
  };
}

/** RD-001 to RD-024, RD-035 and RD-130, as far as `loadSettings` finds them with the rules of this package. */
export const badSettings: BadConfigurations = {
  'RD-001': {
    what: 'a required origin that nobody set',
    bad: () => findingsOfLoading({ SIGNING_KEY: 'file:///run/secrets/signing-key' }),
    mended: () => findingsOfLoading(productionEnvironment),
  },
  'RD-002': variable('a port set to nothing', { PORT: '' }, { PORT: '3000' }),
  'RD-003': variable('a port in words', { PORT: canary }, { PORT: '3000' }),
  'RD-004': variable('a colour with the prefix', { EXAMPLE_COLOUR: canary }, { COLOUR: canary }),
  'RD-005': variable('proxies misspelt', { TRUSTED_PROXYS: canary }, { TRUSTED_PROXIES: '10.0.0.1' }),
  'RD-007': variable(
    'an http origin in production',
    { PUBLIC_ORIGIN: `http://${canary}.example` },
    { PUBLIC_ORIGIN: `https://${canary}.example` },
  ),
  'RD-008': variable('any origin', { ALLOWED_ORIGINS: '*' }, { ALLOWED_ORIGINS: `https://${canary}.example` }),
  'RD-009': variable('all of IPv4 as proxies', { TRUSTED_PROXIES: '0.0.0.0/0' }, { TRUSTED_PROXIES: '10.0.0.0/8' }),
  'RD-010': variable('embedded storage in production', { STORAGE: 'embedded' }, { STORAGE: 'postgres' }),
  'RD-011': variable('unchecked certificates', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, {}),
  'RD-012': variable(
    'an open inspector',
    { NODE_OPTIONS: `--title=${canary} --inspect=0.0.0.0` },
    { NODE_OPTIONS: `--title=${canary}` },
  ),
  'RD-018': variable(
    'a password in an address',
    { UPSTREAM_URL: `https://app:${canary}@host.example/` },
    { UPSTREAM_URL: 'https://app@host.example/' },
  ),
  'RD-019': variable('two listeners on one port', { PORT: '9000' }, { PORT: '9001' }),
  'RD-020': variable('a secret itself', { SIGNING_KEY: canary }, { SIGNING_KEY: `file:///${canary}` }),
  'RD-021': variable('a scheme that is none', { SIGNING_KEY: `plain:${canary}` }, { SIGNING_KEY: `file:///${canary}` }),
  'RD-022': variable('a reference to nothing', { SIGNING_KEY: 'aws-sm://' }, { SIGNING_KEY: `aws-sm://${canary}` }),
  'RD-023': variable(
    'a Vault reference without its field',
    { SIGNING_KEY: `vault://secret/${canary}` },
    { SIGNING_KEY: `vault://secret/${canary}#key` },
  ),
  'RD-024': variable(
    'a reference with a dot segment',
    { SIGNING_KEY: `file:///run/../${canary}` },
    { SIGNING_KEY: `file:///run/${canary}` },
  ),
  'RD-130': variable(
    'an address with the placeholder of a profile',
    { PUBLIC_ORIGIN: `https://<name of ${canary}>` },
    { PUBLIC_ORIGIN: `https://${canary}.example` },
  ),
  'RD-035': variable(
    'a secret from the environment in production',
    { SIGNING_KEY: `env://${canary}` },
    { SIGNING_KEY: `file:///${canary}` },
  ),
};
