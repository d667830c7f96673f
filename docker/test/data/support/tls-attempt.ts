import { API_IMAGE, docker, PROJECT, succeeded } from '../../support/stack.ts';

/** Who is called. */
export interface TlsServer {
  readonly host: string;
  readonly port: number;
  /** What PostgreSQL wants to hear from who speaks TLS at once (RFC 7301). */
  readonly protocol?: string;
}

/** The serial number of the certificate that a server of the data shows. */
export async function servedSerial({ host, port, protocol }: TlsServer): Promise<string> {
  const protocols = protocol === undefined ? {} : { ALPNProtocols: [protocol] };
  const options = { host, port, servername: host, ...protocols, rejectUnauthorized: false };
  return runOnData(`const socket = require('node:tls').connect(${JSON.stringify(options)}, () => {
    console.log(socket.getPeerX509Certificate().serialNumber);
    socket.destroySoon();
  });`);
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
  return runOnData(script);
}

/** Runs a line of JavaScript as a neighbour on the network of the data. */
async function runOnData(script: string): Promise<string> {
  const place = ['--network', `${PROJECT}_data`, '--entrypoint', '/app/node'];
  return succeeded(await docker('run', '--rm', ...place, API_IMAGE, '-e', script)).stdout.trim();
}
