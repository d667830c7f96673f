import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_SECRET_BYTES, type SecretScheme } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../fault-proxy/fault.ts';
import { eventually } from '../eventually.ts';
import type { NetworkContract, SourceUnderTest } from '../secret-provider-contract.ts';
import { documentWith, refused, type SecretProviderSuite } from './suite.ts';

/** Far more than the kernel keeps of a connection, and than anybody should keep in memory. */
const FLOOD_BYTES = 64 * 1024 * 1024;

const JSON_HEADERS = { 'content-type': 'application/json' };

/** What no source says, whoever speaks in its name, by what it is. */
const MALFORMED: Readonly<Record<string, (words: string) => Answer>> = {
  nothing: () => ({ status: 200, headers: JSON_HEADERS, body: '' }),
  'a page': (words) => ({ status: 200, headers: { 'content-type': 'text/html' }, body: `<html>${words}` }),
  'a text of JSON': (words) => ({ status: 200, headers: JSON_HEADERS, body: `"${words}"` }),
  'a list of JSON': (words) => ({ status: 200, headers: JSON_HEADERS, body: `["${words}"]` }),
  null: () => ({ status: 200, headers: JSON_HEADERS, body: 'null' }),
  'another object': (words) => ({ status: 200, headers: JSON_HEADERS, body: `{"words":"${words}"}` }),
};

/** Answers of something that is not the source, or that means harm. */
export function describeHostileAnswers<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  network: NetworkContract<S, U>,
): void {
  describe('answers of somebody else', () => {
    for (const [what, answerOf] of Object.entries({ ...MALFORMED, ...network.malformed })) {
      it(`SR-51: refuses ${what}, and shows nothing of it`, async () => {
        const { reference, canary } = await suite.store();
        expect(await answered(suite, network, reference, canary, answerOf(canary))).toEqual(
          refused('malformed-answer'),
        );
      });
    }

    it('SR-51: refuses half of an answer that is whole by its length', async () => {
      const { reference, text, canary } = await suite.store();
      const { body = '', ...head } = network.holding(reference, text);
      const bytes = Buffer.from(body as string);
      const half = bytes.subarray(0, bytes.indexOf(canary) + canary.length);
      expect(await answered(suite, network, reference, canary, { ...head, body: half })).toEqual(
        refused('malformed-answer'),
      );
    });

    it('SR-51: refuses bytes that are not UTF-8, and puts nothing in their place', async () => {
      const { reference, canary } = await suite.store();
      const { body = '', ...head } = network.holding(reference, documentWith(`${canary}?`));
      const bytes = Buffer.from(body as string);
      bytes[bytes.indexOf(canary) + canary.length] = 0xff;
      expect(await answered(suite, network, reference, canary, { ...head, body: bytes })).toEqual(
        refused('malformed-answer'),
      );
    });

    describeSizes(suite, network);
    describeRedirects(suite, network);
  });
}

function describeSizes<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  network: NetworkContract<S, U>,
): void {
  it('takes exactly 64 KiB, and SR-51: refuses one byte more', async () => {
    const { reference, canary } = await suite.store();
    const proxy = network.proxy(suite.source);
    const largest = documentOfBytes(MAX_SECRET_BYTES, canary);
    const fault = proxy.inject(
      { kind: 'answer', answer: network.holding(reference, largest) },
      { when: network.isRead },
    );
    expect(JSON.parse((await suite.read(reference)).text)).toEqual(JSON.parse(largest));
    fault.remove();
    const answer = network.holding(reference, documentOfBytes(MAX_SECRET_BYTES + 1, canary));
    expect(await answered(suite, network, reference, canary, answer)).toEqual(refused('too-large'));
  });

  for (const [what, status, code] of [
    ['an answer', 200, 'too-large'],
    ['an error', 500, 'unavailable'],
  ] as const) {
    it(`SR-51: ends the connection of ${what} that does not end, and reads no 64 MiB of it`, async () => {
      const { reference, canary } = await suite.store();
      const { headers = {} } = network.holding(reference, documentWith(canary));
      const body = `{"words":"${canary}`;
      const fault = network
        .proxy(suite.source)
        .inject(
          { kind: 'flood', answer: { status, headers, body }, totalBytes: FLOOD_BYTES },
          { when: network.isRead },
        );
      expect(await suite.refusalOf(suite.read(reference), reference, canary)).toEqual(refused(code));
      await eventually('the connection was ended', () => fault.abandoned === 1);
      fault.remove();
    });
  }
}

function describeRedirects<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  network: NetworkContract<S, U>,
): void {
  for (const status of [301, 302, 307, 308]) {
    it(`SR-51: follows no redirect (${status}), which would carry its proof of who it is elsewhere`, async () => {
      const { reference, canary, text } = await suite.store();
      const { headers, body } = network.holding(reference, text);
      const seen: unknown[] = [];
      const elsewhere = createServer((request, response) => {
        seen.push(request.url);
        response.writeHead(200, headers).end(body);
      });
      const { promise, resolve } = Promise.withResolvers<void>();
      elsewhere.listen(0, '127.0.0.1', resolve);
      await promise;
      const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/${canary}`;
      const answer = { status, headers: { location }, body: '' };
      const code = network.redirects?.[status] ?? 'malformed-answer';
      expect(await answered(suite, network, reference, canary, answer)).toEqual(refused(code));
      expect(seen).toEqual([]);
      elsewhere.close();
    });
  }
}

/** What becomes of a read that is answered so. */
async function answered<S extends SecretScheme, U extends SourceUnderTest<S>>(
  suite: SecretProviderSuite<S, U>,
  network: NetworkContract<S, U>,
  reference: Parameters<typeof suite.read>[0],
  canary: string,
  answer: Answer,
) {
  const fault = network.proxy(suite.source).inject({ kind: 'answer', answer }, { when: network.isRead });
  try {
    return await suite.refusalOf(suite.read(reference), reference, canary);
  } finally {
    fault.remove();
  }
}

/** A document of exactly so many bytes. */
function documentOfBytes(bytes: number, canary: string): string {
  return documentWith(canary.padEnd(canary.length + bytes - documentWith(canary).length, 'a'));
}
