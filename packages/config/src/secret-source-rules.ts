import type { SettingsRule } from './define-settings.ts';
import { refusedSetting } from './setting-fault.ts';
import { isAwsSession, staticCredentials } from './static-credentials.ts';

/** Where the SDK of AWS is told to ask another host, for everything or for one service. */
const ENDPOINTS = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SECRETS_MANAGER', 'AWS_ENDPOINT_URL_STS'] as const;

/**
 * Refuses keys of AWS in the environment of a service whose secrets are in AWS Secrets Manager (SR-51): whoever reads
 * the environment once has all of its secrets, for as long as the keys live. A role has keys that end within hours, and
 * so has a session.
 */
export const staticCloudKeys: SettingsRule<object> = (settings, environment) => {
  const name = staticCredentials.aws.find((key) => environment[key] !== undefined);
  if (name === undefined || isAwsSession(environment) || !readsFromAws(settings)) return undefined;
  return refusedSetting(
    'RD-048',
    name,
    'no key, for a role',
    'Remove it, and give the pod, the task or the machine a role that may read the secrets.',
  );
};

/** Refuses plain HTTP on the way to AWS (SR-51), for a service whose secrets are there. */
export const plainCloudEndpoints: SettingsRule<object> = (settings, environment) => {
  const name = ENDPOINTS.find((endpoint) => isPlain(environment[endpoint]));
  if (name === undefined || !readsFromAws(settings)) return undefined;
  return refusedSetting(
    'RD-007',
    name,
    'https',
    'Use https, or remove it: over plain http anybody on the way reads the secrets.',
  );
};

/** As the SDK would understand it: the parser drops white space and writes the scheme in lower case. */
function isPlain(url: string | undefined): boolean {
  return url !== undefined && URL.parse(url)?.protocol === 'http:';
}

function readsFromAws(settings: object): boolean {
  return Object.keys(settings).some((name) => isAwsReference(valueOf(settings, name)));
}

function isAwsReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'scheme' in value && value.scheme === 'aws-sm';
}

function valueOf(settings: object, name: string): unknown {
  try {
    return (settings as Readonly<Record<string, unknown>>)[name];
  } catch {
    // The setting has a fault of its own, which is reported; it is no reason not to judge the others.
    return undefined;
  }
}
