import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createOutboundClient, type OutboundClientOptions, type Reach } from '../src/index.ts';
import { faultOf } from './support/faults.ts';
import { type RawServer, startRawServer } from './support/raw-server.ts';
import { resolving } from './support/resolvers.ts';

/** Each leads to this machine in some parser, resolver or system. */
const spellings = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '0177.0.0.1',
  '0177.1',
  '00000177.0.0.01',
  '0x7f.1',
  '0x7f.0.0.1',
  '0x7F.0x0.0x0.0x1',
  '0x7f000001',
  '0x7f.0.1',
  '2130706433',
  '017700000001',
  '127.000.000.001',
  '%31%32%37.0.0.1',
  '127%2e0%2e0%2e1',
  '１２７.0.0.1',
  '127。0。0。1',
  '127．0．0．1',
  '①②⑦.⓪.⓪.①',
  '0',
  '0.0.0.0',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fe80::1%25lo]',
  '[::1%25lo]',
  '[::1%lo]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'localhost.localdomain',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'loopback.example',
  '127.0.0.1.loopback.example',
];

/** A host of the list stands in each, and so does one that is not. */
const tricks = [
  'https://api.example@127.0.0.1/',
  'https://api.example:443@127.0.0.1/',
  'https://api.example%40127.0.0.1/',
  'https://127.0.0.1%2f@api.example/',
  'https://127.0.0.1\\@api.example/',
  'https://127.0.0.1#@api.example/',
  'https://api.example#@127.0.0.1/',
  'https://127.0.0.1?@api.example/',
  'https://127.0.0.1/@api.example/',
  'https://api.example.127.0.0.1/',
  'https://api.example%00.attacker.example/',
  'https://api.example.attacker.example/',
  'https://attacker.example/api.example',
  'https://xapi.example/',
  'https://api.example./',
  'https://api.example:444/',
  'https://api.example:80/',
  'https://api。example.attacker.example/',
  'https://аpi.example/', // Cyrillic
  'https:\\\\127.0.0.1\\',
  'https:127.0.0.1',
  'https:/127.0.0.1/',
  'https://127.0\n.0.1/',
  ' https://127.0.0.1/ ',
  '//127.0.0.1/',
  'http://api.example/',
  'http://api.example:443/',
  'ftp://api.example/',
  'file:///etc/passwd',
  'data:text/plain,api.example',
  'javascript:fetch("https://api.example")',
  'unix:/var/run/docker.sock',
  'https://user:password@api.example/',
  'https://user@api.example/',
  'https://api.example/#',
  'https://',
  '',
];

let server: RawServer;
beforeAll(async () => {
  server = await startRawServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
});
afterAll(() => server.close());

/** Every name leads to this machine. */
const { resolveHost } = resolving(['127.0.0.1']);

function clientOf(options: Pick<OutboundClientOptions, 'hosts'>) {
  return createOutboundClient({ ...options, resolveHost });
}

describe('the list of allowed hosts', () => {
  it('SR-29: is all that can be called, however a URL spells an address of this machine', async () => {
    const client = clientOf({ hosts: [{ host: 'api.example', reach: 'public' }] });
    const urls = spellings.flatMap((spelling) => [
      `http://${spelling}:${server.port}`,
      `https://${spelling}:${server.port}`,
    ]);
    const faults = new Map<string, string>();
    for (const url of urls) faults.set(url, await faultOf(client.request({ method: 'GET', url })));
    expect([...faults].filter(([, fault]) => !/^(?:host-not-allowed|invalid-url)$/.test(fault))).toEqual([]);
    expect(spellings.length).toBeGreaterThanOrEqual(40);
    expect(server.connections()).toBe(0);
  });

  it('SR-29: leads to this machine by none of its spellings when it names one itself, in reach of other addresses', async () => {
    const outcomes = new Map<string, string>();
    for (const reach of ['public', 'private'] as const)
      for (const spelling of spellings) outcomes.set(`${spelling} within ${reach}`, await outcomeOf(spelling, reach));
    expect([...outcomes].filter(([, outcome]) => !/^(?:refused|address-not-allowed)$/.test(outcome))).toEqual([]);
    expect(server.connections()).toBe(0);
  });

  /** `refused` when the list itself is not taken. */
  async function outcomeOf(host: string, reach: Reach): Promise<string> {
    const hosts = [{ host, port: server.port, reach }];
    try {
      const client = clientOf({ hosts });
      return await faultOf(client.request({ method: 'GET', url: `https://${host}:${server.port}/` }));
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      return 'refused';
    }
  }

  it.each(tricks)('SR-29: is not passed by %j', async (url) => {
    const client = clientOf({ hosts: [{ host: 'api.example', reach: 'public' }] });
    const fault = await faultOf(client.request({ method: 'GET', url }));
    expect(fault).toMatch(/^(?:host-not-allowed|invalid-url)$/);
  });

  it('SR-29: keeps cloud metadata out of every reach', () => {
    for (const host of ['169.254.169.254', '0xa9fea9fe', '[fd00:ec2::254]', 'fd00:ec2::254', '169.254.170.2'])
      for (const reach of ['public', 'private', 'loopback'] as const)
        expect(() => clientOf({ hosts: [{ host, reach }] })).toThrow(TypeError);
  });

  it('lets plain http go to loopback and nowhere else', async () => {
    const { port } = server;
    const beside = clientOf({ hosts: [{ host: 'api.example', port, reach: 'loopback' }] });
    const url = `http://api.example:${port}/`;
    await expect(beside.request({ method: 'GET', url })).resolves.toMatchObject({ status: 200 });
    await beside.close();
    const inside = clientOf({ hosts: [{ host: 'api.example', port, reach: 'private' }] });
    await expect(faultOf(inside.request({ method: 'GET', url }))).resolves.toBe('invalid-url');
  });

  it('takes names, addresses in their brackets or without, and a port', async () => {
    const { port } = server;
    for (const host of ['API.example', 'bücher.example', '127.0.0.1', '::1', '[::1]', 'my_service']) {
      const client = clientOf({ hosts: [{ host, port, reach: 'loopback' }] });
      expect(await faultOf(client.request({ method: 'GET', url: 'https://other.example' }))).toBe('host-not-allowed');
    }
  });

  it.each([
    '',
    '*',
    '*.example',
    'api.*',
    'api.example:443',
    'https://api.example',
    'api.example/path',
    'user@api.example',
    'api.example#',
    'api.example?a',
    'api.example\\a',
    'api example',
    'api.example\n',
    '.example',
    'api..example',
    'api.example.',
    '[api.example]',
    'api.example%00',
    'a'.repeat(64),
  ])('is refused with %j in it', (host) => {
    expect(() => clientOf({ hosts: [{ host, reach: 'public' }] })).toThrow(TypeError);
  });

  it('is refused with an entry twice, a port that is none, and a reach that is none', () => {
    const entry = { host: 'api.example', reach: 'public' } as const;
    expect(() => clientOf({ hosts: [entry, { ...entry, host: 'API.EXAMPLE', port: 443 }] })).toThrow(TypeError);
    for (const port of [0, -1, 65_536, 1.5, NaN])
      expect(() => clientOf({ hosts: [{ ...entry, port }] })).toThrow(RangeError);
    expect(() => clientOf({ hosts: [{ ...entry, reach: 'everywhere' as Reach }] })).toThrow(TypeError);
  });
});
