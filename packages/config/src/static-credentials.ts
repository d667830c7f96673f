import type { Environment } from './environment.ts';

/** Variables from which libraries take, untold, a credential that lasts until somebody remembers to change it. */
export const staticCredentials = {
  aws: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  azure: [
    'AZURE_CLIENT_SECRET',
    'AZURE_CLIENT_CERTIFICATE_PATH',
    'AZURE_CLIENT_CERTIFICATE_PASSWORD',
    'AZURE_USERNAME',
    'AZURE_PASSWORD',
  ],
  vault: ['VAULT_TOKEN'],
  database: ['PGPASSWORD'],
} as const;

/** Whether a key of AWS in this environment is one of a session, which ends by itself within hours. */
export function isAwsSession(environment: Environment): boolean {
  return Object.hasOwn(environment, 'AWS_SESSION_TOKEN') && environment['AWS_SESSION_TOKEN'] !== '';
}
