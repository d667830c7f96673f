import type { Fault, PolicyInput, PolicyRule } from '../policy-rule.ts';
import { parseDockerfile } from '../read/dockerfile.ts';
import { type ShellLine, shellLines } from '../read/shell-lines.ts';
import { runsOf, workflowsOf } from '../read/workflow.ts';

interface Fetcher {
  readonly command: RegExp;
  /** The spelling whose version is held by this repository. */
  readonly locked?: RegExp;
  readonly message: string;
}

/** The one package that comes before the lockfile: what reads it. P-305 holds its version. */
const PNPM = String.raw`pnpm@\d+\.\d+\.\d+`;

const fetchers: readonly Fetcher[] = [
  {
    command: /(?:^|[\s;&|(])(?:npx|bunx|pnpx)\s/,
    locked: new RegExp(String.raw`(?:^|[\s;&|(])npx -y ${PNPM}(?=\s|\)|$)`, 'g'),
    message: 'npx runs what the registry has today',
  },
  {
    command: /\b(?:pnpm|yarn|npm)(?:@\S+)?\s+(?:dlx|create|init)\b/,
    message: 'a package that no lockfile holds is run',
  },
  {
    command: /\bnpm\s+(?:\S+\s+)*?(?:i|install|add|exec|ci)\b/,
    locked: new RegExp(String.raw`\bnpm install --global --ignore-scripts ${PNPM}(?=\s|$)`, 'g'),
    message: 'npm installs, past the lockfile of pnpm',
  },
  {
    command: /\bpip3?\s+(?!.*--require-hashes)(?:\S+\s+)*?install\b/,
    message: 'pip installs without hashes',
  },
  { command: /\b(?:pipx|uvx)\s/, message: 'a Python package that no lockfile holds is run' },
  {
    command: /\bgo\s+(?:install|run)\s+\S+@(?!v\d+\.\d+\.\d+)/,
    message: 'a Go module without an exact version is run',
  },
  { command: /\bcargo\s+install\b(?!.*--locked)/, message: 'a crate is built without its lockfile' },
  {
    command:
      /\b(?:curl|wget)\b[^|]*\|\s*(?:sudo\s+)?(?:ba|da|z)?sh\b|\b(?:ba|da|z)?sh\b\s+(?:-c\s+)?["']?(?:<\(|\$\()\s*(?:curl|wget)\b/,
    message: 'what a server answers is run',
  },
];

/** The rule about programs that come from nowhere in particular, in workflows, scripts and Dockerfiles. */
export const unlockedProgramRule: PolicyRule = {
  id: 'P-113',
  title: 'No program runs whose bytes nothing in the repository holds',
  requirement: 'SR-66',
  reason: 'npx, pip and curl fetch what is there today: whoever publishes it next runs on every machine of the team.',
  fix: 'add it to the catalog and run it with `pnpm exec`, or by an image with a digest; pip takes --require-hashes',
  check: (input) => everyCommand(input).flatMap(({ file, commands }) => commands.flatMap((each) => judge(file, each))),
};

function everyCommand({ files }: PolicyInput): { file: string; commands: readonly ShellLine[] }[] {
  return [
    ...workflowsOf(files).flatMap(({ file, jobs }) => jobs.flatMap(runsOf).map(({ commands }) => ({ file, commands }))),
    ...files.matching(/\.sh$|^\.ci\/run$/).map((file) => ({ file, commands: shellLines(files.text(file)) })),
    ...files.matching(/(?:^|\/)(?:[\w-]+\.)?Dockerfile(?:\.[\w-]+)?$/).map((file) => ({
      file,
      commands: parseDockerfile(files.text(file))
        .instructions.filter(({ keyword }) => keyword === 'RUN')
        .map(({ line, argument }) => ({ line, text: argument })),
    })),
    ...files.matching(/(?:^|\/)package\.json$/).map((file) => ({
      file,
      commands: (files.yaml(file).get('scripts')?.entries() ?? []).map(([, { line, text }]) => ({ line, text })),
    })),
  ];
}

function judge(file: string, { line, text }: ShellLine): Fault[] {
  return fetchers
    .filter(({ command, locked }) => command.test(locked === undefined ? text : text.replace(locked, ' ')))
    .map(({ message }) => ({ file, line, message }));
}
