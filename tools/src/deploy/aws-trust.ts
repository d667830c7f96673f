import type { AwsPolicy, AwsStatement } from './aws-policy.ts';
import { isWildcard, listOf, type PolicyFault } from './policy-fault.ts';

/** What has to stand behind `:sub`, so that one workload of one repository or one namespace takes the role (SR-70). */
const SUBJECTS = [
  /^system:serviceaccount:\{\{namespace\}\}:[\w-]+$/,
  // Repository and environment: a branch name alone is anybody's who may push.
  /^repo:\{\{repository\}\}:environment:\{\{environment\}\}$/,
];

const AUDIENCE = 'sts.amazonaws.com';

/** Faults of who may take a role: one federated issuer, its audience and its exact subject. */
export function findAwsTrustFaults(file: string, { Statement }: AwsPolicy): readonly PolicyFault[] {
  return Statement.flatMap((statement) =>
    messagesOf(statement).map((message) => ({ file, place: statement.Sid ?? '(no Sid)', message })),
  );
}

function messagesOf({ Principal, NotPrincipal, Action, Condition = {} }: AwsStatement): readonly string[] {
  const issuer = federatedIssuerOf(Principal);
  const equal = Condition['StringEquals'] ?? {};
  const subjects = listOf(equal[`${issuer}:sub`]);
  const audiences = listOf(equal[`${issuer}:aud`]);
  return [
    ...(issuer === undefined || NotPrincipal !== undefined ? ['trusts somebody else than one federated issuer'] : []),
    ...(listOf(Action).join() === 'sts:AssumeRoleWithWebIdentity'
      ? []
      : ['allows more than sts:AssumeRoleWithWebIdentity']),
    ...(audiences.join() === AUDIENCE ? [] : [`does not demand the audience ${AUDIENCE}`]),
    ...(subjects.length === 1 && SUBJECTS.some((pattern) => pattern.test(subjects[0] ?? ''))
      ? []
      : ['does not demand one exact subject']),
    ...(Object.keys(Condition).some((operator) => operator !== 'StringEquals')
      ? ['compares otherwise than by StringEquals']
      : []),
  ];
}

function federatedIssuerOf(principal: AwsStatement['Principal']): string | undefined {
  if (typeof principal !== 'object' || principal.AWS !== undefined) return undefined;
  const [provider, ...others] = listOf(principal.Federated);
  if (provider === undefined || others.length > 0 || isWildcard(provider)) return undefined;
  return /^arn:aws:iam::\{\{account\}\}:oidc-provider\/(.+)$/.exec(provider)?.[1];
}
