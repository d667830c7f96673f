import { parseSecretReference } from '@redoubt/secrets';
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import {
  defineSettings,
  type Environment,
  loadSettings,
  plainCloudEndpoints,
  portSetting,
  refuseInProduction,
  secretReferenceSetting,
  SettingsError,
  staticCloudKeys,
} from '../src/index.ts';

const withAws = { PORT: 1, KEY: parseSecretReference('aws-sm://name#key'), PASSWORD: undefined };
const withoutAws = { PORT: 1, KEY: parseSecretReference('file:///run/secrets/key'), PASSWORD: undefined };
const value = 'a value that no message repeats';

describe('staticCloudKeys', () => {
  it.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('SR-51: refuses %s where a secret is in AWS', (name) => {
    const fault = staticCloudKeys(withAws, { [name]: value });
    expect(fault).toMatchObject({ setting: name, problem: 'refused' });
    expect(JSON.stringify(fault)).not.toContain(value);
  });

  it('SR-51: refuses one that is empty: the next start may fill it', () => {
    expect(staticCloudKeys(withAws, { AWS_ACCESS_KEY_ID: '' })).toMatchObject({ setting: 'AWS_ACCESS_KEY_ID' });
  });

  it('takes the key of a session, which ends by itself, but not with an empty token', () => {
    const key = { AWS_ACCESS_KEY_ID: value, AWS_SECRET_ACCESS_KEY: value };
    expect(staticCloudKeys(withAws, { ...key, AWS_SESSION_TOKEN: value })).toBeUndefined();
    expect(staticCloudKeys(withAws, { ...key, AWS_SESSION_TOKEN: '' })).toMatchObject({ problem: 'refused' });
  });

  it('takes a role of a pod, and keys that open no secret of this service', () => {
    const role = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/service', AWS_WEB_IDENTITY_TOKEN_FILE: '/token' };
    expect(staticCloudKeys(withAws, { ...role, AWS_REGION: 'eu-central-1' })).toBeUndefined();
    expect(staticCloudKeys(withoutAws, { AWS_ACCESS_KEY_ID: value })).toBeUndefined();
    expect(staticCloudKeys({}, { AWS_ACCESS_KEY_ID: value })).toBeUndefined();
  });
});

describe('plainCloudEndpoints', () => {
  const names = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SECRETS_MANAGER', 'AWS_ENDPOINT_URL_STS'];
  const plain = ['http://localhost:4566', 'HTTP://aws.example', ' http://aws.example', 'ht\ttp://aws.example'];

  it.each(names.flatMap((name) => plain.map((url) => [name, url] as const)))('SR-51: refuses %s=%j', (name, url) => {
    expect(plainCloudEndpoints(withAws, { [name]: url })).toMatchObject({ setting: name, problem: 'refused' });
    expect(plainCloudEndpoints(withoutAws, { [name]: url })).toBeUndefined();
  });

  it.each([undefined, '', 'https://vpce.example', 'no url'])('takes %j', (url) => {
    const environment: Environment = url === undefined ? {} : { AWS_ENDPOINT_URL: url };
    expect(plainCloudEndpoints(withAws, environment)).toBeUndefined();
  });
});

describe('both rules', () => {
  const definition = defineSettings({
    prefix: 'EXAMPLE_',
    schema: Type.Object({
      PORT: portSetting({ description: 'Port', default: 0 }),
      KEY: secretReferenceSetting({ description: 'Key' }),
      PASSWORD: Type.Optional(secretReferenceSetting({ description: 'Password' })),
    }),
    rules: refuseInProduction(staticCloudKeys, plainCloudEndpoints),
  });
  const environment = {
    KEY: 'file:///run/secrets/key',
    PASSWORD: 'aws-sm://name',
    AWS_SECRET_ACCESS_KEY: value,
    AWS_ENDPOINT_URL: 'http://localhost',
  };

  function faultsOf(variables: Environment): readonly string[] {
    try {
      loadSettings(definition, variables);
      return [];
    } catch (error) {
      if (error instanceof SettingsError) return error.faults.map(({ setting }) => setting).toSorted();
      throw error;
    }
  }

  it('SR-51: look at every setting, whatever it is called', () => {
    expect(faultsOf(environment)).toEqual(['AWS_ENDPOINT_URL', 'AWS_SECRET_ACCESS_KEY']);
  });

  it('SR-51: judge although another setting is faulty', () => {
    const faults = ['AWS_ENDPOINT_URL', 'AWS_SECRET_ACCESS_KEY', 'KEY', 'PORT'];
    expect(faultsOf({ ...environment, PORT: 'none', KEY: 'none' })).toEqual(faults);
  });

  it("leave a developer's machine alone", () => {
    expect(faultsOf({ ...environment, NODE_ENV: 'development' })).toEqual([]);
  });
});
