import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** A program that ended with another code than 0. */
class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Runs a program to its end and answers with what it wrote. */
export async function runCommand(
  command: readonly [string, ...string[]],
  options: { readonly cwd?: string } = {},
): Promise<string> {
  const [program, ...args] = command;
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  const [output, errors] = await written;
  if (code !== 0) throw new CommandError(`${command.join(' ')} ended with ${code}:\n${output}${errors}`);
  return output;
}
