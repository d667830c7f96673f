import { isWildcard, listOf, type OneOrMore, type PolicyFault, type PolicyFile } from './policy-fault.ts';

/** Of a statement, what the rules look at (IAM User Guide, "JSON policy elements"). */
export interface AwsStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: string | { readonly Federated?: OneOrMore; readonly AWS?: OneOrMore };
  readonly NotPrincipal?: unknown;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

/** A policy document of AWS. */
export interface AwsPolicy {
  readonly Version: string;
  readonly Statement: readonly AwsStatement[];
}

/** A secret's ARN as a template has it: exact, but for what only an account knows. */
const SECRET_ARN =
  /^arn:aws:secretsmanager:\{\{region\}\}:\{\{account\}\}:secret:(?<service>[\w-]+)\/(?<secret>[\w-]+)-\{\{suffix\.(?<suffix>[\w-]+)\}\}$/;

/** What a service may do with a secret. Listing, describing and writing are for people and rotations. */
const READING_ACTIONS: ReadonlySet<string> = new Set(['secretsmanager:GetSecretValue']);

/** What must be denied outright, so that no other policy of the role can grant it (SR-71). */
const MUST_BE_DENIED = ['secretsmanager:DeleteSecret', 'secretsmanager:PutSecretValue'];

/** The conditions without which an action reaches further than its resource says. */
const demandedConditions: Readonly<Record<string, readonly string[]>> = {
  'secretsmanager:GetSecretValue': ['secretsmanager:VersionStage'],
  // Without these, whoever has the role decrypts whatever the key has ever encrypted.
  'kms:Decrypt': ['kms:ViaService', 'kms:EncryptionContext:SecretARN'],
};

/** Faults of what a workload may do (SR-71): exact actions on exact resources, under the conditions that bind them. */
export function findAwsPolicyFaults(policy: PolicyFile<AwsPolicy>): readonly PolicyFault[] {
  const { file, document } = policy;
  const granting = document.Statement.filter(({ Effect }) => Effect === 'Allow');
  const faults = granting.flatMap((statement) =>
    messagesOf(statement, policy).map((message) => ({ file, place: statement.Sid ?? '(no Sid)', message })),
  );
  return [...faults, ...findMissingDenials(policy)];
}

function messagesOf(statement: AwsStatement, { secrets }: PolicyFile<AwsPolicy>): readonly string[] {
  const { NotAction, NotResource, Resource, Condition = {} } = statement;
  const actions = listOf(statement.Action);
  const resources = listOf(Resource);
  const conditions = new Set(Object.values(Condition).flatMap((keys) => Object.keys(keys)));
  return [
    ...(NotAction === undefined && NotResource === undefined
      ? []
      : ['grants all but what it names: name what it grants']),
    ...actions.filter(isWildcard).map((action) => `grants the actions ${action}: name each`),
    ...resources.filter(isWildcard).map((resource) => `grants on ${resource}: name each resource`),
    ...(resources.length === 0 ? ['names no resource'] : []),
    ...actions
      .filter((action) => action.startsWith('secretsmanager:') && !READING_ACTIONS.has(action))
      .map((action) => `grants ${action}: a service reads its secrets and does nothing else with them`),
    ...actions.flatMap((action) => missingConditions(action, conditions)),
    ...(Object.keys(Condition).some((operator) => operator.includes('Like'))
      ? ['compares with wildcards: use StringEquals']
      : []),
    ...foreignSecrets(resources, secrets),
  ];
}

function missingConditions(action: string, conditions: ReadonlySet<string>): readonly string[] {
  const demanded = Object.hasOwn(demandedConditions, action) ? (demandedConditions[action] ?? []) : [];
  return demanded.filter((key) => !conditions.has(key)).map((key) => `grants ${action} without the condition ${key}`);
}

function foreignSecrets(resources: readonly string[], secrets: readonly string[]): readonly string[] {
  return resources
    .filter((resource) => resource.includes(':secretsmanager:'))
    .flatMap((resource) => {
      const { secret, suffix } = SECRET_ARN.exec(resource)?.groups ?? {};
      if (secret === undefined || secret !== suffix)
        return [`${resource} is not the exact ARN of a secret of this service`];
      return secrets.includes(secret) ? [] : [`names the secret ${secret}, which no setting of this workload names`];
    });
}

function findMissingDenials({ file, document, secrets }: PolicyFile<AwsPolicy>): readonly PolicyFault[] {
  const denying = document.Statement.filter(({ Effect }) => Effect === 'Deny');
  const isDenied = (action: string): boolean =>
    denying.some(({ Action }) => listOf(Action).some((denied) => denied === action || denied === 'secretsmanager:*'));
  return secrets.length === 0 && denying.length > 0
    ? []
    : MUST_BE_DENIED.filter((action) => !isDenied(action)).map((action) => ({
        file,
        place: 'Deny',
        message: `does not deny ${action}`,
      }));
}
