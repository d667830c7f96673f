import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageHandover } from '../../src/shared-store/message-handover.ts';

const MARKER = 'marker';

/** The server's order: messages, of which the new connection gets those from `joinedAt` on, and one marker later. */
const server = fc
  .record({ messages: fc.nat(30), joinedAt: fc.nat(30), markedAfter: fc.nat(30) })
  .map(({ messages, joinedAt, markedAfter }) => {
    const order = Array.from({ length: messages }, (_, number) => String(number));
    const joined = Math.min(joinedAt, messages);
    order.splice(Math.min(joined + markedAfter, messages), 0, MARKER);
    return { order, seenByNew: order.slice(joined) };
  });

/** Which connection's socket is read next. */
const turns = fc.infiniteStream(fc.constantFrom('old', 'new'));

describe('a handover between two connections', () => {
  it('SR-52: delivers every message once and in order, however the two are read', async () => {
    await fc.assert(
      fc.asyncProperty(server, turns, async ({ order, seenByNew }, turns) => {
        const delivered: string[] = [];
        const handover = new MessageHandover(MARKER, (_channel, message) => delivered.push(message));
        const [ofOld, ofNew] = [[...order], [...seenByNew]];
        const channelOf = (text: string): string => (text === MARKER ? MARKER : 'channel');
        for (const turn of turns) {
          const text = (turn === 'old' ? ofOld : ofNew).shift();
          if (text !== undefined && turn === 'old') handover.receivedByOld(channelOf(text), text);
          if (text !== undefined && turn === 'new') handover.receivedByNew(channelOf(text), text);
          if (ofOld.length + ofNew.length === 0) break;
        }
        expect(delivered).toStrictEqual(order.filter((text) => text !== MARKER));
        expect(await handover.outcome).toBe('completed');
      }),
    );
  });

  it('has failed when a connection was lost before both had received the marker', async () => {
    const handover = new MessageHandover(MARKER, () => undefined);
    handover.receivedByOld(MARKER, '');
    handover.fail();
    handover.receivedByNew(MARKER, '');
    expect(await handover.outcome).toBe('failed');
  });
});
