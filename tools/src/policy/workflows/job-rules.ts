import { inFile, type Fault, type LocalFault, type PolicyInput, type PolicyRule } from '../policy-rule.ts';
import { actionOf, type Workflow, workflowsOf, type WorkflowJob } from '../read/workflow.ts';

/** The one runner: an image that does not change its release by itself. */
const RUNNER = 'ubuntu-24.04';

/** Longer than any job takes; a job that hangs costs this much. */
const MAX_MINUTES = 90;

/** Events that run a workflow of the main branch, with its secrets, over what a stranger wrote. */
const DANGEROUS_TRIGGERS: ReadonlySet<string> = new Set(['pull_request_target', 'workflow_run', 'issue_comment']);

/** Grants with which a job publishes, or speaks as the repository to somebody else. */
const PUBLISHING_SCOPES = ['attestations', 'contents', 'deployments', 'id-token', 'packages', 'pages'] as const;

/** Inputs that make an action keep something for the next run, with the values that keep nothing. */
const CACHE_INPUTS: Readonly<Record<string, ReadonlySet<string>>> = {
  cache: new Set(['', 'false', 'none']),
  'cache-from': new Set(['']),
  'cache-to': new Set(['']),
  'cache-binary': new Set(['false']),
  'cache-image': new Set(['false']),
};

/** Actions that keep something unless an input says no. */
const CACHES_BY_DEFAULT: Readonly<Record<string, string>> = {
  'aquasecurity/setup-trivy': 'cache',
  'aquasecurity/trivy-action': 'cache',
  'docker/setup-buildx-action': 'cache-binary',
};

function everyJob({ files }: PolicyInput, judge: (job: WorkflowJob, workflow: Workflow) => LocalFault[]): Fault[] {
  return workflowsOf(files).flatMap((workflow) =>
    workflow.jobs.flatMap((job) => inFile(workflow.file, judge(job, workflow))),
  );
}

/** Rules about when, where and how long a job runs. */
export const jobRules: readonly PolicyRule[] = [
  {
    id: 'P-106',
    title: 'Each job ends by itself',
    requirement: 'SR-69',
    reason: 'Without a limit a job that hangs, or that somebody made mine, runs for six hours.',
    fix: `write \`timeout-minutes:\`, at most ${MAX_MINUTES}`,
    check: (input) =>
      everyJob(input, ({ name, view, isCaller }) => {
        const minutes = view.get('timeout-minutes');
        const value = minutes?.value;
        if (isCaller || (typeof value === 'number' && value > 0 && value <= MAX_MINUTES)) return [];
        return [
          {
            line: minutes?.line ?? view.line,
            message: `the job ${name} has no limit of ${MAX_MINUTES} minutes or less`,
          },
        ];
      }),
  },
  {
    id: 'P-109',
    title: 'No event gives a stranger the rights of the main branch',
    requirement: 'SR-69',
    reason: 'Such a run has the secrets and a token that writes, and looks at what a fork sent.',
    fix: 'use `pull_request`, and a second workflow on `schedule` or `push` for what needs rights',
    check: ({ files }) =>
      workflowsOf(files).flatMap(({ file, view, triggers }) =>
        triggers
          .filter((trigger) => DANGEROUS_TRIGGERS.has(trigger))
          .map((trigger) => ({
            file,
            line: view.get('on', trigger)?.line ?? view.get('on')?.line ?? 1,
            message: `it starts on \`${trigger}\``,
          })),
      ),
  },
  {
    id: 'P-110',
    title: `The runner is ${RUNNER}`,
    requirement: 'SR-69',
    reason:
      'A label such as ubuntu-latest changes its release without a commit; a self-hosted runner keeps what the last job left.',
    fix: `write \`runs-on: ${RUNNER}\``,
    check: (input) =>
      everyJob(input, ({ name, view, isCaller }) => {
        const runner = view.get('runs-on');
        if (isCaller || runner?.text === RUNNER) return [];
        return [{ line: runner?.line ?? view.line, message: `the job ${name} does not run on ${RUNNER}` }];
      }),
  },
  {
    id: 'P-111',
    title: 'A workflow says what a second run does to the first',
    requirement: 'SR-69',
    reason: 'Two releases at a time overwrite each other; runs of a pull request pile up.',
    fix: 'write `concurrency:` with a group, cancelling on pull requests only',
    check: ({ files }) =>
      workflowsOf(files)
        // A called workflow runs inside of its caller, whose group it would wait for.
        .filter(({ triggers }) => String(triggers) !== 'workflow_call')
        .filter(({ view }) => (view.get('concurrency', 'group')?.text ?? '') === '')
        .map(({ file, view }) => ({
          file,
          line: view.get('concurrency')?.line ?? 1,
          message: 'it has no concurrency group',
        })),
  },
  {
    id: 'P-114',
    title: 'What publishes reads no cache',
    requirement: 'SR-68',
    reason: 'A cache is written by other runs: what one of them left would be signed as built from the commit.',
    fix: 'take the cache out of the job, or the grant',
    check: (input) => everyJob(input, (job) => (isPublishing(job) ? job.steps.flatMap(cacheFaults) : [])),
  },
];

function isPublishing({ view }: WorkflowJob): boolean {
  return PUBLISHING_SCOPES.some((scope) => view.get('permissions', scope)?.text === 'write');
}

function cacheFaults(step: Parameters<typeof actionOf>[0]): LocalFault[] {
  const action = actionOf(step);
  if (/^actions\/cache(?:\/|$)/.test(action))
    return [{ line: step.line, message: `${action} in a job that publishes` }];
  const input = CACHES_BY_DEFAULT[action];
  if (input !== undefined && step.get('with', input) === undefined) {
    return [{ line: step.line, message: `${action} without \`${input}: false\` in a job that publishes` }];
  }
  return (step.get('with')?.entries() ?? [])
    .filter(([key, { text }]) => CACHE_INPUTS[key]?.has(text) === false)
    .map(([key, { line }]) => ({ line, message: `\`${key}\` in a job that publishes` }));
}
