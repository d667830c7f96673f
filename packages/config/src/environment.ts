import process from 'node:process';

/** The environment of a process: what `process.env` held when it was read. */
export type Environment = Readonly<Record<string, string>>;

/**
 * The one reader of `process.env` in the repository (a lint rule refuses any other). Gives a frozen copy without a
 * prototype: what code changes in `process.env` later is not seen, and no name is inherited.
 */
export function readEnvironment(): Environment {
  const copy: Record<string, string> = Object.create(null) as Record<string, string>;
  return Object.freeze(Object.assign(copy, process.env));
}
