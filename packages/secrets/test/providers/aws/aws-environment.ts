import { vi } from 'vitest';

/** What the SDK looks at before a test's own settings: a developer's machine may have any of it. */
const EMPTY = {
  AWS_PROFILE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_REGION: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_ROLE_ARN: undefined,
  AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined,
  AWS_ENDPOINT_URL: undefined,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: undefined,
  AWS_ENDPOINT_URL_STS: undefined,
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: undefined,
} as const;

/** Gives the SDK these variables of the environment, and no others of its own, until `vi.unstubAllEnvs()`. */
export function stubAwsEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries({ ...EMPTY, ...variables })) vi.stubEnv(name, value);
}
