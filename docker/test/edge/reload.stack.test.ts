import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { LoneEdge } from './support/lone-edge.ts';
import { observe } from './support/observe.ts';
import { headerOf, parseAnswers } from './support/raw-answer.ts';
import { readToEnd } from './support/raw-exchange.ts';

const REQUEST = 'GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('SR-38: an edge that reads its files again', () => {
  it('answers what a client sends on a connection that it has kept, and says that it is the last', async () => {
    await using edge = await LoneEdge.start();
    const socket = await edge.open();
    socket.write(REQUEST);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString('latin1')).toMatch(/^HTTP\/1\.1 200 /);
    await edge.reload();
    // The client cannot know yet.
    socket.write(REQUEST);
    const answers = parseAnswers(await readToEnd(socket));
    expect(answers.map((answer) => [answer.status, headerOf(answer, 'connection')])).toEqual([[200, 'close']]);
    observe('edge-reload', 'answered, with `Connection: close`');
  });
});
