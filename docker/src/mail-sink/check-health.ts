import { once } from 'node:events';
// oxlint-disable-next-line no-restricted-imports -- no call leaves: it is this program, on the loopback
import { connect } from 'node:tls';

/** The name under which the service knows the sink, and which its certificate must carry. */
const SERVER_NAME = 'mail';

/** Longest wait for the greeting, in milliseconds. */
const GREETING_MS = 2000;

/** RFC 5321, section 4.2.2: the server is ready. */
const READY = '220';

/** Connects as the service does, and resolves when the sink greets with the certificate of the file. Rejects otherwise. */
export async function checkHealth(port: number, certificate: string): Promise<void> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: SERVER_NAME,
    // The certificate itself is what is trusted: its authority is not at hand.
    ca: certificate,
    allowPartialTrustChain: true,
  });
  try {
    const [greeting] = (await once(socket, 'data', { signal: AbortSignal.timeout(GREETING_MS) })) as [Buffer];
    if (!greeting.toString('latin1').startsWith(READY)) throw new Error('the sink greets otherwise');
  } finally {
    socket.destroy();
  }
}
