import type { RepositoryFiles } from './repository-files.ts';
import { type ShellLine, shellLines } from './shell-lines.ts';
import type { YamlView } from './yaml-view.ts';

/** A job of a workflow. */
export interface WorkflowJob {
  readonly name: string;
  readonly view: YamlView;
  readonly steps: readonly YamlView[];
  /** `uses:` on the job itself: its steps are another workflow's. */
  readonly isCaller: boolean;
}

/** A workflow with its jobs. */
export interface Workflow {
  readonly file: string;
  readonly view: YamlView;
  readonly jobs: readonly WorkflowJob[];
  /** Names of the events that start it. */
  readonly triggers: readonly string[];
}

/** A piece of code in a step: of a shell, or of an action that runs a script. */
export interface StepCode {
  readonly view: YamlView;
  readonly commands: readonly ShellLine[];
  /** As it is written, comments among it. */
  readonly lines: readonly ShellLine[];
}

/** Every workflow that GitHub would start. */
export function workflowsOf(files: RepositoryFiles): Workflow[] {
  return files.matching(/^\.github\/workflows\/[^/]+\.ya?ml$/).map((file) => {
    const view = files.yaml(file);
    const jobs = (view.get('jobs')?.entries() ?? []).map(([name, job]) => ({
      name,
      view: job,
      steps: job.get('steps')?.items() ?? [],
      isCaller: job.get('uses') !== undefined,
    }));
    return { file, view, jobs, triggers: triggersOf(view.get('on')) };
  });
}

function triggersOf(on: YamlView | undefined): string[] {
  if (on === undefined) return [];
  if (on.isMap) return on.entries().map(([name]) => name);
  return on.isList ? on.items().map(({ text }) => text) : [on.text];
}

/** Every `uses:` of a workflow, of steps and of jobs. */
export function usesOf({ jobs }: Workflow): YamlView[] {
  return jobs
    .flatMap(({ view, steps }) => [view.get('uses'), ...steps.map((step) => step.get('uses'))])
    .filter((uses) => uses !== undefined);
}

/** Every `run:` of a job. A block begins on the line after its key. */
export function runsOf({ steps }: WorkflowJob): StepCode[] {
  return steps.flatMap((step) => {
    const view = step.get('run');
    if (view === undefined) return [];
    const firstLine = view.text.includes('\n') ? view.line + 1 : view.line;
    const lines = view.text.split('\n').map((text, index) => ({ line: firstLine + index, text }));
    return [{ view, lines, commands: shellLines(view.text, firstLine) }];
  });
}

/** The name of an action without its version, in small letters as GitHub compares it: `actions/checkout`. */
export function actionOf(step: YamlView): string {
  return (step.get('uses')?.text ?? '').replace(/@.*$/, '').toLowerCase();
}
