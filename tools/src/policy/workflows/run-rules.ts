import { inFile, type Fault, type LocalFault, type PolicyInput, type PolicyRule } from '../policy-rule.ts';
import { runsOf, type StepCode, type Workflow, workflowsOf, type WorkflowJob } from '../read/workflow.ts';

/** Inputs of actions that are code: what is written in them is run. */
const CODE_INPUTS: ReadonlySet<string> = new Set(['script', 'run', 'command', 'cmd', 'inlineScript']);

/** An expression that GitHub fills in before a shell reads the line. */
const EXPRESSION = /\$\{\{\s*(?<inside>.*?)\s*\}\}/;

/** A step does this many things: more is a script, with a name, a linter and somebody who can run it. */
const MAX_COMMANDS = 2;

/** In front of a command: variables for it alone. Their values hold no space. */
const ASSIGNMENTS = /^(?:[A-Z_][A-Z0-9_]*=(?:"[^"`$]*(?:\$[A-Z_]+[^"`$]*)*"|[^\s"'`$;&|]*) +)*/;

/** What a person runs on a clone as well: a script of the repository, or pnpm. Nothing behind it but its arguments. */
const OWN_COMMAND =
  /^(?:(?:\.\/)?(?:tools\/(?!\S*\.\.)[\w./-]+|\.ci\/run)|(?:npx -y pnpm@\d+\.\d+\.\d+|pnpm))(?: (?:[^;&|<>`$]|\$(?!\())*)?$/;

function everyRun(
  { files }: PolicyInput,
  judge: (run: StepCode, job: WorkflowJob, workflow: Workflow) => LocalFault[],
): Fault[] {
  return workflowsOf(files).flatMap((workflow) =>
    workflow.jobs.flatMap((job) => runsOf(job).flatMap((run) => inFile(workflow.file, judge(run, job, workflow)))),
  );
}

/** Rules about the code in a workflow. */
export const runRules: readonly PolicyRule[] = [
  {
    id: 'P-108',
    title: 'No expression stands in code',
    requirement: 'SR-69',
    reason:
      'GitHub writes the title of a pull request or the name of a branch into the line before a shell reads it: text of a stranger is run.',
    fix: 'put the value into `env:` of the step, and read the variable, quoted',
    check: (input) => [
      // In comments too: a value with a line break ends the comment.
      ...everyRun(input, ({ lines }) =>
        lines.flatMap(({ line, text }) => {
          const inside = EXPRESSION.exec(text)?.groups?.['inside'];
          return inside === undefined ? [] : [{ line, message: `${inside} is filled into a command` }];
        }),
      ),
      ...workflowsOf(input.files).flatMap(({ file, jobs }) =>
        jobs
          .flatMap(({ steps }) => steps)
          .flatMap((step) => step.get('with')?.entries() ?? [])
          .filter(([key, { text }]) => CODE_INPUTS.has(key) && EXPRESSION.test(text))
          .map(([key, { line }]) => ({ file, line, message: `an expression is filled into \`${key}\`` })),
      ),
    ],
  },
  {
    id: 'P-115',
    title: 'A `run:` is a script of the repository or a command of pnpm',
    requirement: 'SR-69',
    reason: 'What only a runner can run is tried by nobody before it is merged, and looked at by no linter of scripts.',
    fix: 'move it to tools/ci/<name>.sh or into package.json, and call that',
    check: (input) =>
      everyRun(input, ({ view, commands }) => [
        ...(commands.length > MAX_COMMANDS ? [{ line: view.line, message: `it has ${commands.length} commands` }] : []),
        ...commands
          .filter(({ text }) => !OWN_COMMAND.test(text.replace(ASSIGNMENTS, '')))
          .map(({ line, text }) => ({ line, message: `\`${text.slice(0, 60)}\` runs only here` })),
      ]),
  },
  {
    id: 'P-118',
    title: 'A failure is one, unless a comment says why not',
    requirement: 'SR-69',
    reason: '`continue-on-error` makes a gate that lets everything pass, and shows it green.',
    fix: 'take it out, or write a comment behind it that says who looks at the failure',
    check: ({ files }) =>
      workflowsOf(files).flatMap(({ file, view }) =>
        [...view.walk()]
          .filter(([key, { text, comment }]) => key === 'continue-on-error' && text !== 'false' && comment === '')
          .map(([, { line }]) => ({ file, line, message: '`continue-on-error` without a reason' })),
      ),
  },
];
