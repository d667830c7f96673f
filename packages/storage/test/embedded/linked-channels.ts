import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { EngineChannel } from '@redoubt/storage';

/** Two ends of one channel in one process, with the same copies of values as between processes; `cut` ends it for both. */
export function linkedChannels(): { readonly near: EngineChannel; readonly far: EngineChannel; cut(): void } {
  const { port1, port2 } = new MessageChannel();
  return { near: channelOf(port1), far: channelOf(port2), cut: () => port1.close() };
}

function channelOf(port: MessagePort): EngineChannel {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', listener);
    },
    onClose(listener) {
      port.once('close', listener);
    },
  };
}
