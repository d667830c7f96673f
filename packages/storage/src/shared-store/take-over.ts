import { within } from '../within.ts';
import type { MessageHandover } from './message-handover.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

/** What one connection needs to take over from another. */
export interface TakeOver {
  readonly old: ValkeyConnection;
  readonly successor: ValkeyConnection;
  readonly handover: MessageHandover;
  /** The channels that the old connection listens to. */
  readonly channels: readonly string[];
  /** Sends an empty message, on another connection: a server takes none on these. */
  readonly announce: (channel: string) => Promise<unknown>;
  /** Longest wait for the marker on both connections: milliseconds. */
  readonly timeoutMs: number;
}

/**
 * `kept`: the successor could not listen, and nothing has changed. `broken`: messages of either may have been dropped.
 */
export type TakeOverOutcome = 'completed' | 'kept' | 'broken';

/**
 * Lets the successor listen first, and then marks the point from which its messages count. Never rejects: what went
 * wrong stands in the connections' own log lines.
 */
export async function takeOver(parts: TakeOver): Promise<TakeOverOutcome> {
  const { successor, handover, channels } = parts;
  try {
    const client = await successor.client();
    await client.subscribe(handover.marker, ...channels);
    successor.answered();
  } catch {
    return 'kept';
  }
  try {
    return (await isMarked(parts)) ? 'completed' : 'broken';
  } catch {
    return 'broken';
  }
}

async function isMarked({ old, successor, handover, announce, timeoutMs }: TakeOver): Promise<boolean> {
  const [from, to] = [await old.client(), await successor.client()];
  await from.subscribe(handover.marker);
  await announce(handover.marker);
  if ((await within(timeoutMs, handover.outcome, 'failed')) === 'failed') return false;
  await to.unsubscribe(handover.marker);
  return true;
}
