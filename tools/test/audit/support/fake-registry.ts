import { Buffer } from 'node:buffer';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the registry has of the one package, `left-over@1.0.0`, and how it behaves. */
export interface RegistryBehaviour {
  /** What it answers about advisories: the advisories, a status without a body, or a body that is no JSON. */
  readonly advisories: object | number | 'broken JSON';
  /** Whether it has keys, and what is wrong with the signature. */
  readonly signature: 'valid' | 'of another text' | 'missing' | 'no keys';
}

/** A registry of one package on the loopback address. */
export interface FakeRegistry {
  readonly url: string;
  readonly integrity: string;
  close(): Promise<void>;
}

export const PACKAGE = { name: 'left-over', version: '1.0.0' } as const;

const INTEGRITY = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
const KEY_ID = 'SHA256:test';

/** Starts a registry with a key of its own. */
export async function startFakeRegistry(behaviour: RegistryBehaviour): Promise<FakeRegistry> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response));
  });

  function answer({ url }: IncomingMessage, response: ServerResponse): void {
    if (url === '/-/npm/v1/security/advisories/bulk') sendAdvisories(response);
    else if (url === '/-/npm/v1/keys' && behaviour.signature !== 'no keys')
      send(response, 200, {
        keys: [{ keyid: KEY_ID, key, keytype: 'ecdsa-sha2-nistp256', scheme: 'ecdsa-sha2-nistp256', expires: null }],
      });
    else if (url === `/${PACKAGE.name}`) send(response, 200, manifest());
    else send(response, 404, {});
  }

  function sendAdvisories(response: ServerResponse): void {
    const { advisories } = behaviour;
    if (advisories === 'broken JSON') response.end('{"left-over": [');
    else if (typeof advisories === 'number') send(response, advisories, {});
    else send(response, 200, advisories);
  }

  function manifest(): object {
    const { name, version } = PACKAGE;
    const signed = `${name}@${version}:${INTEGRITY}`;
    const text = behaviour.signature === 'of another text' ? `${signed}x` : signed;
    const sig = createSign('sha256').update(text).sign(privateKey, 'base64');
    const signatures = behaviour.signature === 'missing' ? {} : { signatures: [{ keyid: KEY_ID, sig }] };
    const dist = { integrity: INTEGRITY, tarball: `${origin()}${name}/-/${name}-${version}.tgz`, ...signatures };
    return {
      name,
      'dist-tags': { latest: version },
      time: { [version]: '2026-01-01T00:00:00Z' },
      versions: { [version]: { name, version, dist } },
    };
  }

  function origin(): string {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: origin(),
    integrity: INTEGRITY,
    close: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
