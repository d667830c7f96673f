import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';

import { loadSettings } from '@redoubt/config';
import { Secret } from '@redoubt/secrets';
import type { PeerCalls } from '@redoubt/service';
import { createLiveSecret, createTestAuthority, loopbackServer } from '@redoubt/testing';

import { api, type Settings, settings } from '../../src/settings.ts';

/** The name of this service in the certificate that it calls with. */
export const SERVICE_ID = 'spiffe://redoubt.internal/sample-service';

const [servers, clients, strangers] = [createTestAuthority(), createTestAuthority(), createTestAuthority()];
const identity = clients.issue({ names: [{ kind: 'uri', value: SERVICE_ID }] });

/** How this service calls the stand-in, and the settings that say so. */
interface Calling {
  readonly given: Settings;
  readonly calls: PeerCalls;
}

/** Stands in for api: says to whom it talks, by the certificate of the connection, and nothing to whoever has none. */
export class StandInApi {
  /** What it publishes at the address of its key set. */
  keySet: object = { keys: [] };
  /** The addresses that it was asked for. */
  readonly asked: string[] = [];
  readonly #directory = mkdtempSync(join(tmpdir(), 'stand-in-api-'));
  readonly #server: Server;

  private constructor() {
    this.#write('client.pem', identity.certificate);
    this.#write('servers.pem', servers.certificate);
    this.#write('strangers.pem', strangers.certificate);
    const { certificate: cert, key } = servers.issue(loopbackServer);
    const options = { cert, key, ca: clients.certificate, requestCert: true, rejectUnauthorized: true } as const;
    this.#server = createServer(options, ({ url = '', socket }, response) => {
      this.asked.push(url);
      const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subjectaltname : undefined;
      const answer = url === '/.well-known/jwks.json' ? this.keySet : { serviceId: name?.replace(/^URI:/, '') };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  }

  static async start(): Promise<StandInApi> {
    const started = new StandInApi();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    started.#server.listen(0, '127.0.0.1', () => resolve(undefined));
    await promise;
    return started;
  }

  /** Calls to it, which believe its authority, or that of strangers. */
  open(authority: 'servers' | 'strangers'): Calling {
    const { port } = this.#server.address() as AddressInfo;
    const given = loadSettings(settings, {
      NODE_ENV: 'development',
      API_URL: `https://127.0.0.1:${port}`,
      API_CA_FILE: join(this.#directory, `${authority}.pem`),
      API_CERTIFICATE_FILE: join(this.#directory, 'client.pem'),
      API_KEY: 'env://NOT_READ_HERE',
    });
    return { given, calls: api.open(given, { API_KEY: createLiveSecret(Secret.of(identity.key)) }) };
  }

  close(): void {
    this.#server.close();
    rmSync(this.#directory, { recursive: true });
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.#directory, name), text);
  }
}
