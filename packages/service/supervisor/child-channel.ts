// oxlint-disable-next-line no-restricted-imports -- this runs beside a service of development, never in one
import type { ChildProcess } from 'node:child_process';

import type { EngineChannel } from '@redoubt/storage/embedded-engine';

/** The supervisor's end of the channel to a service that it started. */
export function childChannel(child: ChildProcess): EngineChannel {
  return {
    send(message) {
      // An answer for a process that has just ended is nobody's.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onClose(listener) {
      child.once('exit', listener);
    },
  };
}
