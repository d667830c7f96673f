import { beforeAll, describe, expect, it } from 'vitest';

import * as limits from '../../../packages/server/src/limits.ts';
import { execIn, succeeded } from '../support/stack.ts';
import { type Directive, parseNginx } from './support/nginx-config.ts';
import { observe } from './support/observe.ts';

/** A size, a time, a count or a rate, alone or behind the name of a parameter. */
const NUMBER = /^(?:[a-z_]+[=:])*\d+(?:[smhdkMg]|ms)?(?:\/[a-z]+|r\/[sm])?$/i;

/** Directives whose numbers are statuses, ports, versions or patterns: other tests hold those. */
const NO_LIMITS = new Set([
  '~:1$',
  'error_page',
  'if',
  'limit_conn_status',
  'limit_req_status',
  'listen',
  'location',
  'map',
  'proxy_http_version',
  'resolver',
  'return',
  'rewrite',
  'set',
]);

/**
 * Every number of the edge of compose.yaml, once for each place that it stands in. Many are held by an attack, too: sizes, slow-clients, http2, rates, cache-rules, upstream and reload beside this file.
 */
const numbers: Record<string, readonly string[]> = {
  // The process: nginx.conf.
  worker_processes: ['2'],
  worker_rlimit_nofile: ['8192'],
  worker_shutdown_timeout: ['20s'],
  worker_connections: ['4096'],
  variables_hash_max_size: ['2048'],
  // What a client may take: conf.d/limits.conf.
  client_max_body_size: [String(limits.MAX_BODY_BYTES)],
  client_body_buffer_size: [String(limits.MAX_BODY_BYTES)],
  large_client_header_buffers: ['2 8300'],
  max_headers: [String(limits.MAX_HEADER_COUNT)],
  client_header_timeout: [`${limits.HEADERS_TIMEOUT_MS / 1000}s`],
  client_body_timeout: ['10s'],
  send_timeout: ['10s'],
  lingering_time: ['10s'],
  lingering_timeout: ['2s'],
  keepalive_timeout: ['30s', '60s'],
  keepalive_requests: ['1000', String(limits.MAX_REQUESTS_PER_CONNECTION)],
  keepalive_min_timeout: ['10s'],
  http2_max_concurrent_streams: ['64'],
  limit_conn_zone: ['$edge_client zone=connections:10m'],
  limit_conn: ['connections 64'],
  max_ranges: ['0'],
  // How often: templates/conf.d, with what compose.test.yaml says of the stack under test.
  limit_req_zone: ['$edge_client zone=requests:10m rate=5000r/s', '$edge_client zone=sign-in:10m rate=5000r/s'],
  limit_req: [...Array.from({ length: 3 }, () => 'zone=requests burst=100 nodelay'), 'zone=sign-in burst=20 nodelay'],
  // TLS: conf.d/tls.conf.
  ssl_session_cache: ['shared:tls:10m'],
  ssl_session_timeout: ['1h'],
  // The way to the API: parts/proxy.conf, which `nginx -T` shows once, whoever includes it.
  proxy_connect_timeout: ['2s'],
  proxy_send_timeout: ['10s'],
  proxy_read_timeout: ['15s'],
  proxy_max_temp_file_size: ['0'],
  proxy_ssl_verify_depth: ['1'],
  proxy_next_upstream_tries: ['2'],
  proxy_next_upstream_timeout: ['5s'],
  zone: ['api 64k'],
  resolver_timeout: ['2s'],
  server: ['api:3000 resolve max_fails=0'],
  keepalive: ['32'],
  // The micro-cache: conf.d/cache.conf, parts/cache.conf.
  proxy_cache_path: ['/tmp/cache levels=1 keys_zone=answers:1m max_size=8m inactive=20s use_temp_path=off'],
  proxy_cache_lock_timeout: ['2s'],
  proxy_cache_lock_age: ['2s'],
};

describe('SR-21, SR-22, SR-39: the numbers of the edge, as nginx reads them', () => {
  let effective: ReadonlyMap<string, readonly string[]>;
  beforeAll(async () => {
    effective = numbersOf(parseNginx(succeeded(await execIn('edge', 'nginx', '-T')).stdout));
  });

  it.each(Object.entries(numbers))('%s is %j', (name, values) => {
    expect(effective.get(name)?.toSorted()).toEqual(values.toSorted());
  });

  it('are no others: whoever adds one says here what holds it', () => {
    expect([...effective.keys()].toSorted()).toEqual(Object.keys(numbers).toSorted());
    observe('edge-numbers', `${effective.size} directives with a number, each as it was decided`);
  });
});

/** The arguments of each directive that has a number, once for each place that it stands in. */
function numbersOf(directives: readonly Directive[]): ReadonlyMap<string, readonly string[]> {
  const found = allOf(directives).filter(
    ({ name, args }) => !NO_LIMITS.has(name) && args.some((argument) => NUMBER.test(argument)),
  );
  const byName = Map.groupBy(found, ({ name }) => name);
  return new Map([...byName].map(([name, each]) => [name, each.map(({ args }) => args.join(' '))]));
}

/** Those in a map are its rows, and none of nginx's. */
function allOf(directives: readonly Directive[]): readonly Directive[] {
  return directives.flatMap((each) => (each.name === 'map' ? [] : [each, ...allOf(each.children)]));
}
