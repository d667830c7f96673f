import type { ChildProcess } from 'node:child_process';
import process from 'node:process';

import { borrowEngine, type EmbeddedEngine, type EngineChannel } from '@redoubt/storage';

/** What a service under {@link supervise} says when its ready probe answers 200. */
export interface ReadyMessage {
  readonly ready: {
    /** What a person wants to know at the first start: a name and an address or text each. */
    readonly greeting: readonly (readonly [name: string, text: string])[];
  };
}

/** Set by the supervisor for the service; nobody else sets it. */
export const LENT_DATABASE = 'DEV_LENT_DATABASE';

/** The database that the supervisor keeps for this process, while it is in the directory; `undefined` without one. */
export function supervisedEngine(directory: string, environment: Readonly<Record<string, string>>) {
  return environment[LENT_DATABASE] === directory && process.send !== undefined
    ? borrowEngine(parentChannel())
    : undefined;
}

/** Tells the supervisor, or, where there is none, prints. */
export function announceReady(message: ReadyMessage): void {
  if (process.send === undefined) process.stdout.write(greetingText(message));
  else process.send(message);
}

export function greetingText({ ready: { greeting } }: ReadyMessage): string {
  const width = Math.max(...greeting.map(([name]) => name.length));
  return `\n${greeting.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n')}\n\n`;
}

export function isReadyMessage(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'ready' in message;
}

/** The end of the channel that a started process has: what it borrows comes from there. */
function parentChannel(): EngineChannel {
  return {
    send: (message) => process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
    onClose: (listener) => void process.once('disconnect', listener),
  };
}

/** The other end. */
export function childChannel(child: ChildProcess): EngineChannel {
  return {
    send(message) {
      // An answer for a process that has just ended is nobody's.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void child.once('exit', listener),
  };
}

export type { EmbeddedEngine };
