import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
// oxlint-disable-next-line no-restricted-imports -- it looks at certificates of the stack, whatever they are, and sends nothing
import { connect } from 'node:tls';

import { services } from '../services.ts';

/** A server of the stack, as those call it that it proves itself to. */
export interface Server {
  readonly name: string;
  /** A name with an address for each replica. */
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  /** What PostgreSQL wants to hear from who speaks TLS at once (RFC 7301). */
  readonly protocol?: string;
}

/** Longest wait for a handshake, in milliseconds. */
const HANDSHAKE_MS = 3000;

/** Every server of compose.yaml that shows a certificate. */
export function servers(edgeName: string): readonly Server[] {
  return [
    { name: 'edge', host: 'edge', port: 8443, servername: edgeName },
    ...services.flatMap(({ name, prefix }) => [
      insideServer(name, 3000),
      { ...insideServer(`${prefix}postgres`, 5432), protocol: 'postgresql' },
    ]),
    insideServer('valkey', 6379),
    insideServer('mail', 465),
  ];
}

function insideServer(host: string, port: number): Server {
  return { name: host, host, port, servername: host };
}

/** A line for each replica: who, and the serial number of what it shows, or why nothing could be seen. Throws nothing. */
export async function servedBy(server: Server): Promise<readonly string[]> {
  try {
    const addresses = await lookup(server.host, { all: true });
    return await Promise.all(addresses.map(({ address }) => servedAt(server, address)));
  } catch (error) {
    return [`${server.name}: nothing, ${reasonOf(error)}`];
  }
}

async function servedAt({ name, port, servername, protocol }: Server, address: string): Promise<string> {
  const socket = connect({
    host: address,
    port,
    servername,
    ...(protocol === undefined ? {} : { ALPNProtocols: [protocol] }),
    // Nothing is trusted here: the serial number, of 128 random bits, is compared with that of the file.
    rejectUnauthorized: false,
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(HANDSHAKE_MS) });
    return `${name}: ${socket.getPeerX509Certificate()?.serialNumber ?? 'nothing'}`;
  } catch (error) {
    return `${name}: nothing, ${reasonOf(error)}`;
  } finally {
    // Not before the server has the end of the handshake: it would complain of us.
    socket.destroySoon();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
