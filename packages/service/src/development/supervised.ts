import process from 'node:process';

import { borrowEngine, type EmbeddedEngine, type EngineChannel } from '@redoubt/storage';

/** What a service under a supervisor says when its ready probe answers 200: the lines for the first greeting. */
interface ReadyMessage {
  readonly ready: readonly string[];
}

/** Set by the supervisor for the service; nobody else sets it. */
export const LENT_DATABASE = 'DEV_LENT_DATABASE';

/**
 * The database that the supervisor keeps for this process; `undefined` where none does.
 *
 * @throws {TypeError} when it keeps another one: `dev.ts` and the settings say different directories.
 */
export function supervisedEngine(
  directory: string,
  environment: Readonly<Record<string, string>>,
): EmbeddedEngine | undefined {
  const lent = environment[LENT_DATABASE];
  if (lent === undefined || process.send === undefined) return undefined;
  if (lent !== directory)
    throw new TypeError(`dev.ts has the database in ${lent}, and LOCAL_DIRECTORY says ${directory}: make them one`);
  return borrowEngine(parentChannel());
}

/** Tells the supervisor, or, where there is none, the person. */
export function announceReady(lines: readonly string[]): void {
  if (process.send === undefined) process.stdout.write(greetingText(lines));
  else process.send({ ready: lines } satisfies ReadyMessage);
}

export function greetingText(lines: readonly string[]): string {
  return `\n${lines.join('\n')}\n\n`;
}

export function isReadyMessage(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'ready' in message;
}

/** The end of the channel that a started process has: what it borrows comes from there. */
function parentChannel(): EngineChannel {
  return {
    send: (message) => process.send?.(message),
    onMessage(listener) {
      process.on('message', listener);
    },
    onClose(listener) {
      process.once('disconnect', listener);
    },
  };
}
