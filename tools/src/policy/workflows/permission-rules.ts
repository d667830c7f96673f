import type { Fault, PolicyRule } from '../policy-rule.ts';
import { actionOf, workflowsOf } from '../read/workflow.ts';
import type { YamlView } from '../read/yaml-view.ts';

/** Rules about what the token of a job may do. */
export const permissionRules: readonly PolicyRule[] = [
  {
    id: 'P-103',
    title: 'A workflow grants nothing by itself',
    requirement: 'SR-69',
    reason: 'What stands there is given to every job, also to the one that somebody adds next year.',
    fix: 'write `permissions: {}` at the top level',
    check: ({ files }) =>
      workflowsOf(files).flatMap(({ file, view }) => {
        const permissions = view.get('permissions');
        if (permissions?.isMap === true && permissions.entries().length === 0) return [];
        return [{ file, line: permissions?.line ?? 1, message: 'it does not say `permissions: {}`' }];
      }),
  },
  {
    id: 'P-104',
    title: 'Each job lists what its token may do',
    requirement: 'SR-69',
    reason:
      'A job that lists nothing cannot be read as one that needs nothing; `read-all` and `write-all` are lists of what GitHub adds later.',
    fix: 'write `permissions:` on the job, one scope a line, or `{}`',
    check: ({ files }) =>
      workflowsOf(files).flatMap(({ file, jobs }) =>
        jobs
          .filter(({ view }) => view.get('permissions')?.isMap !== true)
          .map(({ name, view }) => ({ file, line: view.line, message: `the job ${name} has no list of permissions` })),
      ),
  },
  {
    id: 'P-105',
    title: 'Each permission says what it is for',
    requirement: 'SR-69',
    reason: 'A grant without a reason stays when its reason goes.',
    fix: 'write a comment behind it: `contents: read # to check the repository out`',
    check: ({ files }) =>
      workflowsOf(files).flatMap(({ file, jobs }) =>
        jobs
          .flatMap(({ view }) => view.get('permissions')?.entries() ?? [])
          .filter(([, grant], _, all) => grant.text !== 'none' && !hasOwnReason(grant, all))
          .map(([scope, { line, text }]) => ({ file, line, message: `${scope}: ${text} says no reason` })),
      ),
  },
  {
    id: 'P-107',
    title: 'A checkout leaves no token behind',
    requirement: 'SR-69',
    reason: 'Without it the token stands in .git/config, for every later step and for what is uploaded of the folder.',
    fix: 'write `with: { persist-credentials: false }`',
    check: ({ files }) =>
      workflowsOf(files).flatMap(({ file, jobs }) =>
        jobs
          .flatMap(({ steps }) => steps)
          .filter((step) => actionOf(step) === 'actions/checkout')
          .filter((step) => step.get('with', 'persist-credentials')?.value !== false)
          .map((step): Fault => ({
            file,
            line: step.get('uses')?.line ?? step.line,
            message: 'the token stays in the checkout',
          })),
      ),
  },
  {
    id: 'P-116',
    title: 'A cloud is entered by OIDC, from a job with an environment',
    requirement: 'SR-70',
    reason: 'A static key works from everywhere and for ever; without an environment, any branch can ask for the role.',
    fix: 'name the role to assume, give the job `environment:`, and take the key out of the secrets',
    check: ({ files }) =>
      workflowsOf(files).flatMap(({ file, jobs }) => jobs.flatMap(({ view }) => cloudFaults(file, view))),
  },
  {
    id: 'P-117',
    title: 'No workflow hands on all secrets',
    requirement: 'SR-70',
    reason: 'The called workflow gets what it has no use for, and whoever changes it reads it all.',
    fix: 'name each secret that the called workflow needs',
    check: ({ files }) =>
      workflowsOf(files).flatMap(({ file, jobs }) =>
        jobs
          .map(({ view }) => view.get('secrets'))
          .filter((secrets) => secrets?.text === 'inherit')
          .map((secrets) => ({ file, line: secrets?.line ?? 1, message: '`secrets: inherit`' })),
      ),
  },
];

const STATIC_KEY =
  /aws[-_](?:access[-_]key[-_]id|secret[-_]access[-_]key)|azure[-_](?:credentials|client[-_]secret)|google[-_]credentials|credentials[-_]json/i;
const CLOUD_LOGINS: ReadonlySet<string> = new Set([
  'aws-actions/configure-aws-credentials',
  'azure/login',
  'google-github-actions/auth',
]);

/** Two words behind it, on a line that no other grant shares. */
function hasOwnReason(grant: YamlView, all: readonly (readonly [string, YamlView])[]): boolean {
  const sharing = all.filter(([, { line }]) => line === grant.line).length;
  return sharing === 1 && grant.trailingComment.split(' ').length >= 2;
}

function cloudFaults(file: string, job: YamlView): Fault[] {
  const keys = [...job.walk()]
    .filter(([key, view]) => STATIC_KEY.test(key) || STATIC_KEY.test(/secrets\.\w+/.exec(view.text)?.[0] ?? ''))
    .map(([, { line }]) => ({ file, line, message: 'a static key of a cloud' }));
  const login = (job.get('steps')?.items() ?? []).find((step) => CLOUD_LOGINS.has(actionOf(step)));
  if (login === undefined || job.get('environment') !== undefined) return keys;
  return [...keys, { file, line: login.line, message: 'a cloud is entered from a job without an environment' }];
}
