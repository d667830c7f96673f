import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { RepositoryFiles } from '../../src/policy/read/repository-files.ts';
import { runsOf, type Workflow, type WorkflowJob, workflowsOf } from '../../src/policy/read/workflow.ts';

const repository = RepositoryFiles.of(join(import.meta.dirname, '..', '..', '..'));
const workflows = workflowsOf(repository);

function workflow(name: string): Workflow {
  const found = workflows.find(({ file }) => file === `.github/workflows/${name}.yml`);
  if (found === undefined) throw new TypeError(`there is no workflow ${name}`);
  return found;
}

function jobOf(name: string, job: string): WorkflowJob {
  const found = workflow(name).jobs.find((each) => each.name === job);
  if (found === undefined) throw new TypeError(`${name} has no job ${job}`);
  return found;
}

function needsOf({ view }: WorkflowJob): readonly string[] {
  const needs = view.get('needs');
  return needs?.isList === true ? needs.items().map(({ text }) => text) : [needs?.text ?? ''];
}

const commandsOf = (job: WorkflowJob) => runsOf(job).flatMap(({ commands }) => commands.map(({ text }) => text));
const scopesThatWrite = ({ view }: WorkflowJob) =>
  (view.get('permissions')?.entries() ?? []).filter(([, { text }]) => text === 'write').map(([scope]) => scope);

describe.each(['ci', 'security', 'workflow-lint', 'image'])('the last job of %s', (name) => {
  const { jobs } = workflow(name);
  const gate = jobOf(name, name);
  const others = jobs.filter(({ name: other }) => other !== name);

  it('SR-69: needs every other one, and runs whatever became of them', () => {
    expect(needsOf(gate).toSorted()).toEqual(others.map((job) => job.name).toSorted());
    expect(gate.view.get('if')?.text).toBe('${{ always() }}');
    expect(commandsOf(gate)).toEqual(['tools/ci/all-passed.sh']);
  });

  it('SR-69: lets those be skipped that have a condition, or need one that has, and no other', () => {
    const optional = gate.steps.map((step) => step.get('env', 'OPTIONAL')?.text ?? '').join('');
    const mayBeSkipped = others.map((job) => job.name).filter((job) => new RegExp(`\\b${job}\\b`).test(optional));
    const conditional = new Set(others.filter(({ view }) => view.get('if') !== undefined).map((job) => job.name));
    const follows = (job: string): boolean =>
      conditional.has(job) ||
      needsOf(jobOf(name, job)).some((need) => conditional.has(need) || mayBeSkipped.includes(need));
    expect(mayBeSkipped.filter((job) => !follows(job))).toEqual([]);
    expect([...conditional].filter((job) => !mayBeSkipped.includes(job))).toEqual([]);
  });
});

describe('a release', () => {
  it('SR-68: publishes what two builds have made the same, and takes its digest from a build, not from what it was handed', () => {
    const publish = jobOf('image', 'publish');
    expect(needsOf(jobOf('image', 'same')).toSorted()).toEqual(['build', 'rebuild']);
    expect(needsOf(publish)).toEqual(expect.arrayContaining(['build', 'same']));
    expect(publish.view.get('env', 'DIGEST')?.text).toBe('${{ needs.build.outputs.digest }}');
    expect(commandsOf(publish)).toContain('tools/ci/push-image.sh .local/image "$IMAGE" "$DIGEST"');
  });

  it('SR-68: runs no code of a dependency, and builds nothing, in a job that may publish or sign', () => {
    const powerful = workflows
      .flatMap(({ jobs }) => jobs)
      .filter((job) => !job.isCaller)
      .filter((job) => scopesThatWrite(job).some((scope) => scope !== 'security-events'));
    expect(powerful.map(({ name }) => name).toSorted()).toEqual(['analyze', 'publish', 'release', 'tag']);
    const commands = powerful.flatMap(commandsOf);
    expect(commands.filter((command) => /pnpm|npx|build|install/.test(command))).toEqual([]);
  });

  it('SR-68: signs in one job, which no pull request reaches', () => {
    const signing = workflow('image').jobs.filter((job) => scopesThatWrite(job).includes('id-token'));
    expect(signing.map(({ name }) => name)).toEqual(['publish']);
    expect(signing[0]?.view.get('if')?.text).toBe("${{ inputs.publish && github.ref_type == 'tag' }}");
    expect(signing[0]?.view.get('environment')?.text).toBe('release');
  });

  it('SR-68: is verified by a job that may write nothing, before it has a tag', () => {
    const verify = jobOf('image', 'verify');
    expect([scopesThatWrite(verify), needsOf(verify)]).toEqual([[], expect.arrayContaining(['publish'])]);
    expect(commandsOf(verify)).toEqual([
      'tools/verify-image.sh "$IMAGE@$DIGEST" "$GITHUB_REPOSITORY" "$GITHUB_REF_NAME"',
    ]);
    expect(needsOf(jobOf('image', 'tag'))).toContain('verify');
    expect(needsOf(jobOf('release', 'release'))).toEqual(['image']);
    expect(needsOf(jobOf('release', 'image')).toSorted()).toEqual(['ci', 'tag']);
  });
});
