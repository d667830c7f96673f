import { API_IMAGE, docker, PROJECT, succeeded } from '../../support/stack.ts';

/** Who is called. */
export interface TlsServer {
  readonly host: string;
  readonly port: number;
  /** What PostgreSQL wants to hear from who speaks TLS at once (RFC 7301). */
  readonly protocol?: string;
}

/** Calls a server of the data with one version of TLS, and answers the version that came about, or the error. */
export async function attemptTls({ host, port, protocol }: TlsServer, version: string): Promise<string> {
  const options = {
    host,
    port,
    ...(protocol === undefined ? {} : { ALPNProtocols: [protocol] }),
    minVersion: version,
    maxVersion: version,
    // Nothing is refused by the one who calls: neither old versions nor unknown authorities.
    ciphers: 'DEFAULT@SECLEVEL=0',
    rejectUnauthorized: false,
  };
  const script = `const socket = require('node:tls').connect(${JSON.stringify(options)});
    socket.on('secureConnect', () => { console.log(socket.getProtocol()); socket.destroy(); });
    socket.on('error', ({ code }) => console.log(code));`;
  const { stdout } = succeeded(
    await docker('run', '--rm', '--network', `${PROJECT}_data`, '--entrypoint', '/app/node', API_IMAGE, '-e', script),
  );
  return stdout.trim();
}
