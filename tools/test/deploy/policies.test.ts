import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { serviceSettings } from '@redoubt/api/settings';
import { migrationSettings } from '@redoubt/service';
import { secretSettingsOf } from '@redoubt/config';
import { describe, expect, it } from 'vitest';

import { type AwsPolicy, type AwsStatement, findAwsPolicyFaults } from '../../src/deploy/aws-policy.ts';
import { findAwsTrustFaults } from '../../src/deploy/aws-trust.ts';
import { type AzureTemplate, findAzureRoleFaults } from '../../src/deploy/azure-roles.ts';
import {
  findVaultPolicyFaults,
  findVaultRoleFaults,
  type VaultPolicy,
  type VaultRole,
} from '../../src/deploy/vault-policy.ts';

const deploy = join(import.meta.dirname, '..', '..', '..', 'deploy');

type Workload = 'service' | 'migration';

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(deploy, file), 'utf8'));
}

const secrets = read('secrets.json') as Record<Workload, Record<string, string>>;
const workloads = ['service', 'migration'] as const;

/** Whose credentials each workload has a setting of the user name for: the migration has none. */
const CREDENTIALS: Record<Workload, readonly string[]> = { service: ['redoubt-api'], migration: [] };

function namesOf(workload: Workload): readonly string[] {
  return [...new Set(Object.values(secrets[workload]))];
}

/** The statement that grants, changed. */
function granting(change: Partial<AwsStatement>, sid = 'ReadTheSecretsOfThisWorkload'): AwsPolicy {
  const document = read('aws/service-policy.json') as AwsPolicy;
  const statements = document.Statement.map((each) => (each.Sid === sid ? { ...each, ...change } : each));
  return { ...document, Statement: statements };
}

function awsFaults(document: AwsPolicy): string {
  return findAwsPolicyFaults({ file: 'aws/service-policy.json', document, secrets: namesOf('service') })
    .map(({ message }) => message)
    .join('\n');
}

const ARN = 'arn:aws:secretsmanager:{{region}}:{{account}}:secret:redoubt-api';

describe('the table of secrets', () => {
  it('SR-71: names every secret setting of each workload, and no other', () => {
    expect(Object.keys(secrets.service)).toEqual(expect.arrayContaining([...secretSettingsOf(serviceSettings)]));
    expect(Object.keys(secrets.service)).toHaveLength(secretSettingsOf(serviceSettings).length);
    expect(Object.keys(secrets.migration)).toEqual(secretSettingsOf(migrationSettings));
  });

  it('SR-71: keeps what the migrator may read from the running service', () => {
    const shared = Object.values(secrets.service).filter((name) => Object.values(secrets.migration).includes(name));
    expect(shared).toEqual([]);
  });
});

describe('the policies of AWS', () => {
  it.each(workloads)('SR-71: grant the %s exact actions on exact secrets', (workload) => {
    const policy = {
      file: `aws/${workload}-policy.json`,
      document: read(`aws/${workload}-policy.json`) as AwsPolicy,
      secrets: namesOf(workload),
    };
    expect(findAwsPolicyFaults(policy)).toEqual([]);
    const named = namesOf(workload).filter((name) => JSON.stringify(policy.document).includes(`/${name}-{{`));
    expect(named).toEqual(namesOf(workload));
  });

  it('SR-70: give the deployment no secret', () => {
    const policy = {
      file: 'aws/ci-policy.json',
      document: read('aws/ci-policy.json') as AwsPolicy,
      secrets: [],
    };
    expect(findAwsPolicyFaults(policy)).toEqual([]);
  });

  const bad: Record<string, [AwsPolicy, string]> = {
    'every action of the service': [granting({ Action: ['secretsmanager:*'] }), 'name each'],
    'every action': [granting({ Action: '*' }), 'name each'],
    'every reading action': [granting({ Action: ['secretsmanager:Get*'] }), 'name each'],
    'a list of all secrets': [granting({ Action: ['secretsmanager:ListSecrets'] }), 'reads its secrets'],
    'a new value': [granting({ Action: ['secretsmanager:PutSecretValue'] }), 'reads its secrets'],
    'every resource': [granting({ Resource: '*' }), 'name each resource'],
    'secrets by a pattern': [granting({ Resource: [`${ARN}/*`] }), 'name each resource'],
    'a secret by a pattern of its suffix': [
      granting({ Resource: [`${ARN}/signing-key-??????`] }),
      'name each resource',
    ],
    'no resource': [granting({ Resource: [] }), 'names no resource'],
    'all but some actions': [granting({ NotAction: 'secretsmanager:DeleteSecret' }), 'all but what it names'],
    'all but some resources': [granting({ NotResource: `${ARN}/x` }), 'all but what it names'],
    'any version of a secret': [granting({ Condition: {} }), 'without the condition secretsmanager:VersionStage'],
    'a stage by a pattern': [
      granting({ Condition: { StringLike: { 'secretsmanager:VersionStage': 'AWS*' } } }),
      'StringEquals',
    ],
    'whatever the key encrypted': [
      granting({ Condition: {} }, 'DecryptThemAndNothingElse'),
      'without the condition kms:ViaService',
    ],
    'whatever the key encrypted for secrets': [
      granting(
        { Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.{{region}}.amazonaws.com' } } },
        'DecryptThemAndNothingElse',
      ),
      'without the condition kms:EncryptionContext:SecretARN',
    ],
    'a secret that no setting names': [
      granting({ Resource: [`${ARN}/billing-key-{{suffix.billing-key}}`] }),
      'which no setting',
    ],
    'the secret of the migrator': [
      granting({ Resource: [`${ARN}/migration-database-password-{{suffix.migration-database-password}}`] }),
      'which no setting',
    ],
    'a secret with the suffix of another': [
      granting({ Resource: [`${ARN}/tls-key-{{suffix.mail-password}}`] }),
      'not the exact ARN',
    ],
    'a secret without its suffix': [granting({ Resource: [`${ARN}/tls-key`] }), 'not the exact ARN'],
    'a secret of a written-out account': [
      granting({ Resource: ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:redoubt-api/tls-key-abcdef'] }),
      'not the exact ARN',
    ],
    'deletion, by leaving the denial out': [
      { Version: '2012-10-17', Statement: granting({}).Statement.filter(({ Effect }) => Effect === 'Allow') },
      'does not deny secretsmanager:DeleteSecret',
    ],
  };
  it.each(Object.entries(bad))('SR-71: may not grant %s', (_what, [document, message]) => {
    expect(awsFaults(document)).toContain(message);
  });
});

describe('the trust policies of AWS', () => {
  const files = ['aws/service-trust.json', 'aws/migration-trust.json', 'aws/ci-trust.json'];
  it.each(files)('SR-70: %s trusts one subject of one issuer', (file) => {
    expect(findAwsTrustFaults(file, read(file) as AwsPolicy)).toEqual([]);
  });

  const issuer = 'token.actions.githubusercontent.com';
  const audience = { [`${issuer}:aud`]: 'sts.amazonaws.com' };
  const bad: Record<string, [Partial<AwsStatement>, string]> = {
    everybody: [{ Principal: '*' }, 'somebody else'],
    'an account': [{ Principal: { AWS: 'arn:aws:iam::{{account}}:root' } }, 'somebody else'],
    'every issuer': [{ Principal: { Federated: 'arn:aws:iam::{{account}}:oidc-provider/*' } }, 'somebody else'],
    'all but one': [{ NotPrincipal: { AWS: 'x' } }, 'somebody else'],
    'another way in': [{ Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'] }, 'more than'],
    'every action of sts': [{ Action: 'sts:*' }, 'more than'],
    'any audience': [
      { Condition: { StringEquals: { [`${issuer}:sub`]: 'repo:{{repository}}:environment:{{environment}}' } } },
      'audience',
    ],
    'every repository': [{ Condition: { StringEquals: audience } }, 'one exact subject'],
    'every repository of an owner': [
      { Condition: { StringEquals: audience, StringLike: { [`${issuer}:sub`]: 'repo:owner/*' } } },
      'otherwise than by StringEquals',
    ],
    'any branch of the repository': [
      { Condition: { StringEquals: { ...audience, [`${issuer}:sub`]: 'repo:{{repository}}:ref:refs/heads/main' } } },
      'one exact subject',
    ],
    'two subjects': [
      {
        Condition: {
          StringEquals: {
            ...audience,
            [`${issuer}:sub`]: [
              'repo:{{repository}}:environment:{{environment}}',
              'repo:other:environment:{{environment}}',
            ],
          },
        },
      },
      'one exact subject',
    ],
    'nobody in particular': [{ Condition: {} }, 'one exact subject'],
  };
  it.each(Object.entries(bad))('SR-70: may not trust %s', (_what, [change, message]) => {
    const document = read('aws/ci-trust.json') as AwsPolicy;
    const changed = { ...document, Statement: document.Statement.map((each) => Object.assign({}, each, change)) };
    expect(
      findAwsTrustFaults('ci-trust.json', changed)
        .map((fault) => fault.message)
        .join('\n'),
    ).toContain(message);
  });
});

describe('the policies of Vault', () => {
  it.each(workloads)('SR-71: let the %s read its secrets and look after its token', (workload) => {
    const policy = {
      file: `vault/${workload}-policy.json`,
      document: read(`vault/${workload}-policy.json`) as VaultPolicy,
      secrets: namesOf(workload),
      credentials: CREDENTIALS[workload],
    };
    expect(findVaultPolicyFaults(policy)).toEqual([]);
    const paths = Object.keys(policy.document.path).filter((path) => path.startsWith('secret/data/'));
    expect(paths).toEqual(namesOf(workload).map((name) => `secret/data/redoubt-api/${name}`));
  });

  const bad: Record<string, [string, string[], string]> = {
    'all secrets': ['secret/data/*', ['read'], 'pattern'],
    'all secrets of the service': ['secret/data/redoubt-api/*', ['read'], 'pattern'],
    'one segment of any name': ['secret/data/+/signing-key', ['read'], 'pattern'],
    everything: ['*', ['read'], 'pattern'],
    'a secret of another service': ['secret/data/billing/signing-key', ['read'], 'neither'],
    'a secret that no setting names': ['secret/data/redoubt-api/billing-key', ['read'], 'which no setting'],
    'the destruction of a version': ['secret/destroy/redoubt-api/signing-key', ['update'], 'neither'],
    'the history of a secret': ['secret/metadata/redoubt-api/signing-key', ['read'], 'neither'],
    'a new value': ['secret/data/redoubt-api/signing-key', ['read', 'update'], 'is enough'],
    'everything with a secret': ['secret/data/redoubt-api/signing-key', ['sudo'], 'is enough'],
    'new tokens': ['auth/token/create', ['update'], 'neither'],
    'the end of any lease': ['sys/leases/revoke', ['update'], 'neither'],
    'credentials of another role': ['database/creds/superuser', ['read'], 'neither'],
    'credentials of the migrator': ['database/creds/redoubt-api-migration', ['read'], 'neither'],
  };
  it.each(Object.entries(bad))('SR-71: may not grant %s', (_what, [path, capabilities, message]) => {
    const policy = {
      file: 'vault/service-policy.json',
      document: read('vault/service-policy.json') as VaultPolicy,
      secrets: namesOf('service'),
      credentials: CREDENTIALS.service,
    };
    const faults = findVaultPolicyFaults({ ...policy, document: { path: { [path]: { capabilities } } } });
    expect(faults.map((fault) => fault.message).join('\n')).toContain(message);
  });

  it.each(['redoubt-api', 'redoubt-api-migration'])('SR-71: may not make the migration credentials of %s', (role) => {
    const faults = findVaultPolicyFaults({
      file: 'vault/migration-policy.json',
      document: { path: { [`database/creds/${role}`]: { capabilities: ['read'] } } },
      secrets: namesOf('migration'),
      credentials: CREDENTIALS.migration,
    });
    expect(faults.map(({ message }) => message)).toEqual([expect.stringContaining('neither')]);
  });

  const roles = readdirSync(join(deploy, 'vault')).filter((file) => file.includes('-role.'));
  it.each(roles)('SR-71: %s binds one workload to short tokens', (file) => {
    expect(findVaultRoleFaults(file, read(`vault/${file}`) as VaultRole)).toEqual([]);
  });

  const badRoles: Record<string, [VaultRole, string]> = {
    'any service account': [{ bound_service_account_names: ['*'] }, 'is a pattern'],
    'any namespace': [{ bound_service_account_namespaces: ['*'] }, 'is a pattern'],
    'a token of any audience': [{ audience: undefined }, 'no audience'],
    'the default policy': [{ token_no_default_policy: false }, 'default policy'],
    'tokens for a day': [{ token_ttl: '24h' }, 'more than 60 minutes'],
    'tokens without an end': [{ token_ttl: undefined }, 'more than 60 minutes'],
    'a second policy': [{ token_policies: ['redoubt-api', 'root'] }, 'other policies'],
  };
  it.each(Object.entries(badRoles))('SR-71: no role gives %s', (_what, [change, message]) => {
    const role = { ...(read('vault/service-role.kubernetes.json') as VaultRole), ...change };
    expect(
      findVaultRoleFaults('role', role)
        .map((fault) => fault.message)
        .join('\n'),
    ).toContain(message);
  });

  it('SR-71: no role signs in whoever asks', () => {
    const faults = findVaultRoleFaults('role', {
      token_no_default_policy: true,
      token_ttl: '5m',
      token_policies: ['a'],
    });
    expect(faults.map(({ message }) => message)).toEqual(['binds nobody: name service accounts or addresses']);
  });
});

describe('the role assignments of Azure', () => {
  it.each(workloads)('SR-71: give the %s the reading role on its secrets', (workload) => {
    const template = {
      file: `azure/${workload}-roles.json`,
      document: read(`azure/${workload}-roles.json`) as AzureTemplate,
      secrets: namesOf(workload),
    };
    expect(findAzureRoleFaults(template)).toEqual([]);
    expect(template.document.resources).toHaveLength(template.secrets.length);
  });

  const scope = (name: string) =>
    `[resourceId('Microsoft.KeyVault/vaults/secrets', parameters('vaultName'), '${name}')]`;
  const bad: Record<string, [object, object, string]> = {
    'the whole vault': [
      { scope: "[resourceId('Microsoft.KeyVault/vaults', parameters('vaultName'))]" },
      {},
      'one secret',
    ],
    'the resource group': [{ scope: undefined }, {}, 'one secret'],
    'a secret that no setting names': [{ scope: scope('redoubt-api-billing-key') }, {}, 'which no setting'],
    'a secret of another service': [{ scope: scope('billing-signing-key') }, {}, 'one secret'],
    'a role that writes': [{}, { roleDefinitionId: "[variables('keyVaultSecretsOfficer')]" }, 'another role'],
    'a role by its number': [{}, { roleDefinitionId: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7' }, 'another role'],
    'a person': [{}, { principalType: 'User' }, 'managed identity'],
    'a written-out principal': [{}, { principalId: '00000000-0000-0000-0000-000000000000' }, 'from the parameters'],
    'something that is no assignment': [{ type: 'Microsoft.KeyVault/vaults/accessPolicies' }, {}, 'no role assignment'],
  };
  it.each(Object.entries(bad))('SR-71: may not be on %s', (_what, [change, properties, message]) => {
    const template = {
      file: 'azure/service-roles.json',
      document: read('azure/service-roles.json') as AzureTemplate,
      secrets: namesOf('service'),
    };
    const [first] = template.document.resources;
    const resource = { ...first, ...change, properties: { ...first?.properties, ...properties } };
    const document = { ...template.document, resources: [resource] } as AzureTemplate;
    expect(
      findAzureRoleFaults({ ...template, document })
        .map((fault) => fault.message)
        .join('\n'),
    ).toContain(message);
  });
});

describe('the folder of policies', () => {
  it('SR-71: holds no file that no rule above looks at', () => {
    const looked = [
      ...workloads.flatMap((each) => [`aws/${each}-policy.json`, `aws/${each}-trust.json`, `azure/${each}-roles.json`]),
      ...workloads.map((each) => `vault/${each}-policy.json`),
      ...readdirSync(join(deploy, 'vault'))
        .filter((file) => file.includes('-role.'))
        .map((file) => `vault/${file}`),
      'aws/ci-policy.json',
      'aws/ci-trust.json',
    ];
    const present = ['aws', 'azure', 'vault'].flatMap((folder) =>
      readdirSync(join(deploy, folder)).map((file) => `${folder}/${file}`),
    );
    expect(present.toSorted()).toEqual(looked.toSorted());
  });
});
