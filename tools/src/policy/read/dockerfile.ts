import { shellLines } from './shell-lines.ts';

/** One instruction of a Dockerfile. */
export interface Instruction {
  readonly line: number;
  /** In capitals: `FROM`. */
  readonly keyword: string;
  readonly argument: string;
}

/** A stage: its FROM and all that follows. */
export interface Stage {
  readonly line: number;
  readonly name: string;
  /** The image, or the name of an earlier stage. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, and what stands before the first. */
export interface Dockerfile {
  readonly stages: readonly Stage[];
  readonly instructions: readonly Instruction[];
}

const FROM = /^(?:--platform=\S+\s+)?(?<base>\S+)(?:\s+as\s+(?<name>\S+))?$/i;

/** Reads a Dockerfile. Of a heredoc, every line is an instruction of its own: no rule lets those pass. */
export function parseDockerfile(text: string): Dockerfile {
  const instructions = shellLines(text).map(({ line, text: content }) => {
    const [keyword = '', ...rest] = content.split(/\s+/);
    return { line, keyword: keyword.toUpperCase(), argument: rest.join(' ') };
  });
  const starts = instructions.flatMap(({ keyword }, index) => (keyword === 'FROM' ? [index] : []));
  const stages = starts.map((start, position) => toStage(instructions.slice(start, starts[position + 1])));
  return { stages, instructions };
}

function toStage(instructions: readonly Instruction[]): Stage {
  const [from] = instructions;
  const { base = '', name = '' } = FROM.exec(from?.argument ?? '')?.groups ?? {};
  return { line: from?.line ?? 1, name, base, instructions };
}

/** The stages that no other is made from or copies from: what a build may end in. */
export function shippedStages({ stages }: Dockerfile): Stage[] {
  const used = new Set(stages.flatMap(({ base, instructions }) => [base, ...instructions.flatMap(copiedFrom)]));
  return stages.filter(({ name }) => name === '' || !used.has(name));
}

function copiedFrom({ keyword, argument }: Instruction): string[] {
  return keyword === 'COPY' || keyword === 'RUN'
    ? [...argument.matchAll(/\bfrom=([\w.-]+)/g)].map(([, name]) => name ?? '')
    : [];
}

/** A stage and the stages that it is made from, the nearest first. */
export function lineageOf(stage: Stage, { stages }: Dockerfile): Stage[] {
  const parent = stages.find(({ name, line }) => name === stage.base && line < stage.line);
  return parent === undefined ? [stage] : [stage, ...lineageOf(parent, { stages, instructions: [] })];
}
