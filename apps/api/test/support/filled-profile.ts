import type { Environment, Profile } from '@redoubt/config';
import { readProfile } from '@redoubt/service/testing';

/** What a team would put in place of the placeholders; nothing is at these addresses. */
const team: Environment = {
  HOST: '127.0.0.1',
  PUBLIC_URL: 'https://api.service.test',
  ALLOWED_HOSTS: 'gateway-backend.internal',
  TOKEN_AUDIENCE: 'billing',
  SECURITY_CONTACT: 'mailto:security@service.test',
  TRUSTED_PROXIES: '127.0.0.1',
  TRUSTED_ISSUERS_FILE: '/run/config/issuers.json',
  SIGNING_KEY: 'file:///run/secrets/signing-key',
  DATABASE_URL: 'postgres://app_runtime@127.0.0.1:1/service',
  DATABASE_PASSWORD: 'file:///run/secrets/database-password',
  DATABASE_CA_FILE: '/run/config/authority.pem',
  DATABASE_POOL_MAX: '20',
  VALKEY_URL: 'rediss://127.0.0.1:1',
  VALKEY_CA_FILE: '/run/config/authority.pem',
  MAIL_URL: 'smtps://service@127.0.0.1:1',
  MAIL_FROM: 'service@service.test',
  TLS_CERTIFICATE_FILE: '/run/config/certificate.pem',
  TLS_KEY: 'file:///run/secrets/tls-key',
  TLS_CLIENT_CA_FILE: '/run/config/clients.pem',
  ALLOWED_EDGES: 'spiffe://service.test/edge',
  VAULT_ADDR: 'https://127.0.0.1:1',
  VAULT_AUTH_METHOD: 'approle',
  ALERT_WEBHOOK_URL: 'https://siem.internal/alerts',
  SHUTDOWN_DELAY_MS: '1000',
  RATE_LIMIT_ANONYMOUS_MAX: '45000',
  RATE_LIMIT_SIGNED_IN_MAX: '3000',
  EDGE_RATE: '50r/s',
  EDGE_AUTH_RATE: '60r/m',
};

/** Vault's own settings for a way to sign in, and a reference for each secret, as the enterprise has them. */
const enterprise: Environment = {
  VAULT_ROLE_ID: 'role',
  VAULT_SECRET_ID_FILE: '/run/secrets/vault-secret-id',
  ...Object.fromEntries(
    ['TLS_KEY', 'SIGNING_KEY', 'DATABASE_PASSWORD', 'VALKEY_PASSWORD', 'MAIL_PASSWORD', 'ALERT_WEBHOOK_KEY'].map(
      (name) => [name, `vault://secret/service#${name.toLowerCase()}`],
    ),
  ),
};

/** The profile's own file with every placeholder filled in; `changes` are of the team, in place of what is here. */
export async function fillProfile(name: string, changes: Environment = {}): Promise<Environment> {
  const values = { ...team, ...(name === 'enterprise' ? enterprise : {}), ...changes };
  return { ...filledOf(await readProfile(name), values), ...(name === 'enterprise' ? pick(values, 'VAULT_') : {}) };
}

function filledOf({ expectations }: Profile, values: Environment): Environment {
  const entries = expectations.map(({ name, template }) => [name, template.includes('<') ? values[name] : template]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Environment;
}

function pick(values: Environment, prefix: string): Environment {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name.startsWith(prefix)));
}
