import type { RepositoryFiles } from './read/repository-files.ts';

/** What a rule found: where, and what is there. */
export interface Fault {
  readonly file: string;
  /** Counted from 1. A thing that is missing is told at the line that should have it, or at 1. */
  readonly line: number;
  readonly message: string;
  /** What an exception names: an image, an advisory, the shape of a secret. Rules that take no exceptions have none. */
  readonly subject?: string | undefined;
}

/** A fault in a file that is known already. */
export type LocalFault = Omit<Fault, 'file'>;

/** The faults of one file. */
export function inFile(file: string, faults: readonly LocalFault[]): Fault[] {
  return faults.map(({ line, message, subject }) => ({ file, line, message, subject }));
}

/** A fault with the rule that found it. */
export interface Finding extends Fault {
  readonly rule: string;
  readonly fix: string;
}

/** All that a rule may look at. */
export interface PolicyInput {
  readonly files: RepositoryFiles;
  /** `2026-11-26`, of UTC. */
  readonly today: string;
}

/** One sentence of the policy, and what holds the repository to it. */
export interface PolicyRule {
  /** `P-` and three digits; a number is never given twice. */
  readonly id: string;
  /** What is asked, as a sentence without its full stop. */
  readonly title: string;
  /** `SR-69`: the requirement that the rule stands for. */
  readonly requirement: string;
  /** What happens without it. */
  readonly reason: string;
  /** What to write. */
  readonly fix: string;
  /** `by-subject`: tools/policy-exceptions.yaml may name a file and a subject (default: no exceptions). */
  readonly exceptions?: 'by-subject';
  /** Pure: reads its input and nothing else. */
  readonly check: (input: PolicyInput) => Iterable<Fault>;
}
