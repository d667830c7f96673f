import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { errorCodes } from '../../../packages/server/src/errors/error-codes.ts';
import * as limits from '../../../packages/server/src/limits.ts';
import { allDirectives, type NginxConfig, parseNginx, readNginxConfig } from './support/nginx-config.ts';
import { nginxFaults } from './support/nginx-rules.ts';

const config = readNginxConfig(join(import.meta.dirname, '../../../nginx'));

/** What a single directive of the configuration says. */
function argsOf(wanted: string): readonly string[] {
  const found = allDirectives(config).filter(({ directive: { name } }) => name === wanted);
  expect([wanted, found.length]).toEqual([wanted, 1]);
  return found[0]?.directive.args ?? [];
}

/** The configuration with a file more. */
function withFile(path: string, text: string): NginxConfig {
  return new Map([...config, [path, parseNginx(text)]]);
}

const LOCATION = 'include /etc/nginx/conf.d/parts/proxy.conf; limit_req zone=requests;';
const SERVER = 'include /etc/nginx/conf.d/parts/errors.conf; include /etc/nginx/conf.d/parts/gate.conf;';

/** Lines that somebody may add one day, each in a file of its own, and what is said of them. */
const badLines: Record<string, [line: string, fault: string]> = {
  'a header in a location': ['location /x { add_header X-Frame-Options DENY always; }', 'add_header belongs'],
  'a request header in a location': ['location /x { proxy_set_header Host $host; }', 'proxy_set_header belongs'],
  'a hidden header in a location': ['location /x { proxy_hide_header Via; }', 'proxy_hide_header belongs'],
  'a proxy without the part': [
    'location /x { limit_req zone=requests; proxy_pass https://api; }',
    'without parts/proxy',
  ],
  'a proxy without a limit': [
    `location /x { include /etc/nginx/conf.d/parts/proxy.conf; proxy_pass https://api; }`,
    'without a limit',
  ],
  'a proxy that asks again whatever happened': [
    'location @again_502 { include /etc/nginx/conf.d/parts/again.conf; include /etc/nginx/conf.d/parts/proxy.conf; proxy_pass https://api; }',
    'every request is asked again',
  ],
  'a named location without a limit': [
    'location @other { include /etc/nginx/conf.d/parts/proxy.conf; proxy_pass https://api; }',
    'without a limit',
  ],
  'an error page elsewhere': ['location /x { error_page 502 /other; }', 'error_page belongs'],
  'a proxy in a condition': ['location /x { if ($a) { proxy_pass https://api; } }', 'outside of a location'],
  'a limit that hides another': ['location /x { limit_req zone=other; }', 'takes the place'],
  'sign-in without its limit': [`location /api/auth/x { ${LOCATION} proxy_pass https://api; }`, 'sign-in without'],
  'a limit of connections in a location': ['location /x { limit_conn connections 1; }', 'limit_conn belongs'],
  'a redirect to a decoded path': ['location /x { return 301 https://h$uri; }', 'line break'],
  'a proxy to a decoded path': [`location /x { ${LOCATION} proxy_pass https://api$uri; }`, 'line break'],
  "the client's own list of hops": ['map $proxy_add_x_forwarded_for $a { default 1; }', 'start of that list'],
  stapling: ['ssl_stapling on;', 'no certificate names'],
  'a cache that keeps what nobody allowed': ['proxy_cache_valid 200 1m;', 'the API alone says'],
  'a cache elsewhere': ['location /x { proxy_cache answers; }', 'a cache belongs'],
  'a file that is served': ['location /x { root /srv; }', 'no file is served'],
  'a log with the query': ['log_format a escape=json "$request";', 'nobody may read'],
  'a log that is not escaped': ['log_format a "$status";', 'not JSON'],
  'an error log with request lines': ['error_log stderr warn;', 'whole request lines'],
  'an API that is not verified': ['location /x { proxy_ssl_verify off; }', 'not verified'],
  'a write that is done twice': ['location /x { proxy_next_upstream error non_idempotent; }', 'done twice'],
  'a server without documents': ['server { listen 9000; }', 'without parts/errors.conf'],
  'a server without the gate': [
    'server { listen 9000; include /etc/nginx/conf.d/parts/errors.conf; }',
    'without parts/gate',
  ],
  'a foreign host that is answered': [`server { listen 9000 default_server; ${SERVER} }`, 'foreign host is answered'],
  'a foreign name that is answered': [
    `server { listen 9000 ssl default_server; ${SERVER} return 444; }`,
    'foreign name',
  ],
};

describe('the configuration of the edge', () => {
  it('SR-23, SR-31, SR-34: keeps its own rules', () => {
    expect(config.size).toBeGreaterThanOrEqual(15);
    expect(nginxFaults(config)).toEqual([]);
  });

  for (const [what, [line, fault]] of Object.entries(badLines)) {
    it(`is refused with ${what}`, () => {
      expect(nginxFaults(withFile('conf.d/added.conf', line)).join('\n')).toContain(fault);
    });
  }

  it('is refused when nothing verifies the API', () => {
    const without = new Map([...config].filter(([path]) => path !== 'conf.d/parts/proxy.conf'));
    expect(nginxFaults(without)).toContain('nothing verifies the API');
  });

  it('SR-34: closes the cache to whoever says who asks', () => {
    for (const directive of ['proxy_cache_bypass', 'proxy_no_cache'])
      expect(argsOf(directive)).toEqual(['$edge_has_credentials']);
  });

  it('SR-27: speaks TLS 1.2 and 1.3 with nothing that can be replayed', () => {
    expect(argsOf('ssl_protocols')).toEqual(['TLSv1.2', 'TLSv1.3']);
    expect(argsOf('proxy_ssl_protocols')).toEqual(['TLSv1.3']);
    expect(argsOf('ssl_session_tickets')).toEqual(['off']);
    expect(argsOf('ssl_early_data')).toEqual(['off']);
    expect(argsOf('ssl_ecdh_curve')[0]).toMatch(/^X25519MLKEM768:/);
  });

  it("SR-21, SR-39: has the API's own numbers", () => {
    expect(argsOf('client_max_body_size')).toEqual([String(limits.MAX_BODY_BYTES)]);
    expect(argsOf('max_headers')).toEqual([String(limits.MAX_HEADER_COUNT)]);
    const [, longest] = argsOf('large_client_header_buffers');
    expect(Number(longest)).toBeGreaterThan(limits.MAX_URL_BYTES);
    expect(Number(longest) * 2).toBeGreaterThan(limits.MAX_HEADER_BYTES);
    const [upstream] = config.get('templates/conf.d/upstream.conf.template') ?? [];
    const ofUpstream = (wanted: string) => upstream?.children.find(({ name }) => name === wanted)?.args;
    expect(ofUpstream('keepalive_requests')).toEqual([String(limits.MAX_REQUESTS_PER_CONNECTION)]);
    expect(ofUpstream('keepalive_timeout')).toEqual(['60s']);
    expect(limits.KEEP_ALIVE_TIMEOUT_MS).toBeGreaterThan(60_000);
  });

  it("SR-33: says of an error what the API says of it, and of no status that is the API's something else", () => {
    const documents = documentsOf(config);
    expect(documents.length).toBeGreaterThan(12);
    const known = Map.groupBy(Object.entries(errorCodes), ([, { status }]): number => status);
    for (const { returned, problem } of documents) {
      expect(problem.status).toBe(returned);
      const codes = known.get(returned)?.map(([code, { title }]) => ({ type: `urn:problem-type:${code}`, title }));
      if (codes !== undefined) expect(codes).toContainEqual({ type: problem.type, title: problem.title });
    }
  });
});

interface EdgeProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
}

function documentsOf(of: NginxConfig): readonly { readonly returned: number; readonly problem: EdgeProblem }[] {
  const locations = of.get('conf.d/parts/errors.conf')?.filter(({ name }) => name === 'location') ?? [];
  const returns = locations.flatMap(({ children }) => children.filter(({ name }) => name === 'return'));
  return returns.map(({ args: [status = '', body = ''] }) => ({
    returned: Number(status),
    problem: JSON.parse(body) as EdgeProblem,
  }));
}
