import type { SelfCheckRule } from './self-check-rule.ts';

/** What SDKs and clients read by themselves, past the settings. */
const credentials = [
  'AWS_SECRET_ACCESS_KEY',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  'AZURE_PASSWORD',
  'VAULT_TOKEN',
  'PGPASSWORD',
] as const;

/** Where it is set, the key of AWS is one of a session, which ends by itself. */
const AWS_SESSION = 'AWS_SESSION_TOKEN';

/** Long-lived credentials that a library would take from the environment without being told (SR-51, SR-70). */
export const environmentCredentials: SelfCheckRule<unknown> = {
  area: 'secrets',
  name: 'credentials in the environment',
  judge(_settings, environment) {
    const isSet = (name: string): boolean => Object.hasOwn(environment, name) && environment[name] !== '';
    const present = credentials.filter(
      (name) => isSet(name) && !(name === 'AWS_SECRET_ACCESS_KEY' && isSet(AWS_SESSION)),
    );
    return present.map((name) => ({ id: 'RD-048', subject: name, seen: 'It is set.' }));
  },
};
