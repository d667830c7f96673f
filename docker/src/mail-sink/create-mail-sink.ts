import { Buffer } from 'node:buffer';

import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

import { toReadable } from './readable-message.ts';
import type { SinkMaterial } from './sink-material.ts';

/** Largest message, in bytes: the service sends some kilobytes. */
const MAX_MESSAGE_BYTES = 1_048_576;

/** Connections at a time: two replicas with two each, and a person who tries. */
const MAX_CLIENTS = 20;

/** The service writes to one person at a time. */
const MAX_RECIPIENTS = 10;

/** Silence after which a connection is closed, in milliseconds. More than the service keeps an idle one. */
const SILENCE_MS = 30_000;

/** What a conversation may take to end once the sink is told to, in milliseconds: it is gone within a second. */
const CLOSE_MS = 500;

/** RFC 5321, section 4.2.3: the message is larger than is taken. */
const TOO_LARGE = 552;

/**
 * Creates the mail server of the local stack: it takes every message over TLS, passes none on, and shows each as text.
 * It knows no users, and is for a network in which only the service reaches it.
 */
export function createMailSink(material: SinkMaterial, show: (text: string) => void): SMTPServer {
  const server = new SMTPServer({
    ...material,
    secure: true,
    minVersion: 'TLSv1.3',
    size: MAX_MESSAGE_BYTES,
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    // A look-up would ask a network that is not there.
    disableReverseLookup: true,
    maxClients: MAX_CLIENTS,
    maxRecipients: MAX_RECIPIENTS,
    socketTimeout: SILENCE_MS,
    closeTimeout: CLOSE_MS,
    logger: false,
    onData: (stream, session, done) => {
      receive(stream).then((source) => {
        show(`${describeEnvelope(session)}\n${toReadable(source)}`);
        done();
      }, done);
    },
  });
  // A connection that breaks, or a handshake that fails, is that client's loss; a port that is taken is everybody's.
  server.on('error', (error: Error & { syscall?: string }) => {
    if (error.syscall === 'listen') throw error;
  });
  return server;
}

/** Reads to the end in any case: the client is answered there. */
async function receive(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) throw Object.assign(new Error('the message is too large'), { responseCode: TOO_LARGE });
  return Buffer.concat(chunks);
}

function describeEnvelope({ envelope: { mailFrom, rcptTo } }: SMTPServerSession): string {
  const from = mailFrom === false ? '' : mailFrom.address;
  return `--- mail from <${from}> to ${rcptTo.map(({ address }) => `<${address}>`).join(', ')}`;
}
