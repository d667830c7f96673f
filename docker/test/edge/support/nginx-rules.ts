import { allDirectives, type Directive, type NginxConfig, type Placed } from './nginx-config.ts';

/** What is wrong in a configuration, for each directive that a rule speaks of. */
type Rule = (placed: Placed) => string | false;

const PROXY_PART = '/etc/nginx/conf.d/parts/proxy.conf';
const ERRORS_PART = '/etc/nginx/conf.d/parts/errors.conf';
const GATE_PART = '/etc/nginx/conf.d/parts/gate.conf';

/** Directives of which a single one in a location silences all that it inherits: each has one file that it stands in. */
const owners = new Map([
  ['add_header', 'conf.d/headers.conf'],
  ['add_trailer', 'conf.d/headers.conf'],
  ['proxy_set_header', 'conf.d/parts/proxy.conf'],
  ['proxy_hide_header', 'conf.d/parts/proxy.conf'],
  ['proxy_ignore_headers', 'conf.d/parts/proxy.conf'],
  ['proxy_cookie_flags', 'conf.d/parts/proxy.conf'],
  ['proxy_ssl_verify', 'conf.d/parts/proxy.conf'],
  ['limit_conn', 'conf.d/limits.conf'],
  ['access_log', 'conf.d/log.conf'],
  ['log_format', 'conf.d/log.conf'],
  ['error_log', 'nginx.conf'],
]);

/** What may not stand anywhere, and why. */
const banned = new Map([
  ['ssl_stapling', 'no certificate names a responder any more'],
  ['ssl_stapling_verify', 'no certificate names a responder any more'],
  ['proxy_cache_valid', 'the API alone says what may be kept'],
  ['proxy_pass_header', 'what is hidden stays hidden'],
  ['root', 'no file is served'],
  ['alias', 'no file is served'],
]);

/** What a line of the log may not be made of: each has a query, or a credential. */
const SECRET_VARIABLES =
  /\$(?:request|request_uri|args|query_string|arg_\w+|http_referer|http_authorization|http_cookie|cookie_\w+|request_body)\b/;

/** Where error pages are, and where those are of what asks again. */
const ERRORS_FILE = 'conf.d/parts/errors.conf';
const AGAIN_FILE = 'conf.d/parts/again.conf';
const AGAIN_PART = `/etc/nginx/${AGAIN_FILE}`;

const rules: readonly Rule[] = [
  ({ path, directive: { name } }) =>
    owners.has(name) && owners.get(name) !== path && `${name} belongs into ${owners.get(name)}`,
  ({ directive: { name } }) => banned.has(name) && `${name}: ${banned.get(name)}`,
  ({ directive: { name, args } }) => name === 'add_header' && args[2] !== 'always' && `${args[0]} is not on errors`,
  ({ directive: { args } }) =>
    args.some((each) => each.includes('$proxy_add_x_forwarded_for')) && 'a client writes the start of that list',
  ({ directive: { name, args } }) =>
    (name === 'return' || name === 'proxy_pass') &&
    args.some((each) => /\$(?:uri|document_uri)\b/.test(each)) &&
    `${name} with a decoded path, which may hold a line break`,
  ({ directive: { name, args } }) => name === 'proxy_ssl_verify' && args[0] !== 'on' && 'the API is not verified',
  ({ directive: { name, args } }) =>
    name === 'proxy_next_upstream' &&
    args.some((each) => !['error', 'timeout', 'off'].includes(each)) &&
    'a request may be done twice, or a busy service asked twice',
  ({ directive: { name, args } }) =>
    name === 'log_format' &&
    (!args.includes('escape=json') || args.some((each) => SECRET_VARIABLES.test(each))) &&
    'a line that is not JSON, or has what nobody may read',
  ({ directive: { name, args } }) =>
    name === 'error_log' && !['crit', 'alert', 'emerg'].includes(args[1] ?? '') && 'it would have whole request lines',
  errorPageRule,
  proxyRule,
  cacheRule,
  limitRule,
  serverRule,
];

/** Every fault of a configuration, with the file that it is in. */
export function nginxFaults(config: NginxConfig): readonly string[] {
  const places = allDirectives(config);
  const faults = places.flatMap((placed) =>
    rules.flatMap((rule) => {
      const fault = rule(placed);
      return fault === false ? [] : [`${placed.path}: ${fault}`];
    }),
  );
  const verifies = places.some(({ directive: { name, args } }) => name === 'proxy_ssl_verify' && args[0] === 'on');
  return verifies ? faults : [...faults, 'nothing verifies the API'];
}

function proxyRule({ directive: { name }, within }: Placed): string | false {
  if (name !== 'proxy_pass') return false;
  const location = within.at(-1);
  if (location?.name !== 'location') return 'proxy_pass outside of a location';
  if (!includes(location, PROXY_PART)) return 'proxy_pass without parts/proxy.conf';
  if (isRepeat(location)) return hasGuard(location) ? false : 'every request is asked again';
  return zonesOf(location).includes('requests') ? false : 'a location without a limit';
}

/** Documents have one owner; beside it, a server may ask again first, and what asks again has documents of its own. */
function errorPageRule({ path, directive: { name, args } }: Placed): string | false {
  if (name !== 'error_page' || path === ERRORS_FILE || path === AGAIN_FILE) return false;
  return !(args.at(-1) ?? '').startsWith('@again_') && `error_page belongs into ${ERRORS_FILE}`;
}

/** A named location, which only an error page leads to: its request was counted where it came in. */
function isRepeat(location: Directive): boolean {
  return (location.args.at(-1) ?? '').startsWith('@again_') && includes(location, AGAIN_PART);
}

function hasGuard({ children }: Directive): boolean {
  return children.some(({ name, args }) => name === 'if' && /^\(?\$edge_(may_repeat|may_send)$/.test(args[0] ?? ''));
}

/** With a limit of its own, a location has no other: that of all requests is named again. */
function limitRule({ directive }: Placed): string | false {
  if (directive.name !== 'location') return false;
  const zones = zonesOf(directive);
  if (zones.length > 0 && !zones.includes('requests')) return 'a limit that takes the place of the common one';
  const path = directive.args.at(-1) ?? '';
  return path.startsWith('/api/auth') && !zones.includes('sign-in') && 'sign-in without its limit';
}

/** Each cache is closed to whoever says who asks: on the way in, and on the way out. */
function cacheRule({ path, directive: { name, args }, within }: Placed): string | false {
  if (name !== 'proxy_cache' || args[0] === 'off') return false;
  const isHere = path === 'conf.d/parts/cache.conf' && within.length === 0;
  return !isHere && 'a cache belongs into conf.d/parts/cache.conf';
}

function serverRule({ directive }: Placed): string | false {
  if (directive.name !== 'server' || directive.children.length === 0) return false;
  if (!includes(directive, ERRORS_PART)) return 'a server without parts/errors.conf';
  const listens = directive.children.filter(({ name }) => name === 'listen');
  if (listens.some(({ args }) => args.includes('default_server'))) return defaultServerRule(directive, listens);
  return !includes(directive, GATE_PART) && 'a server without parts/gate.conf';
}

function defaultServerRule({ children }: Directive, listens: readonly Directive[]): string | false {
  const has = (wanted: string, value: string): boolean =>
    children.some(({ name, args }) => name === wanted && args[0] === value);
  if (!has('return', '444')) return 'a foreign host is answered';
  const isTls = listens.some(({ args }) => args.includes('ssl'));
  return isTls && !has('ssl_reject_handshake', 'on') && 'a foreign name is shaken hands with';
}

function includes({ children }: Directive, path: string): boolean {
  return children.some(({ name, args }) => name === 'include' && args[0] === path);
}

function zonesOf({ children }: Directive): readonly string[] {
  const limits = children.filter(({ name }) => name === 'limit_req');
  return limits.flatMap(({ args }) => args.flatMap((each) => (each.startsWith('zone=') ? [each.slice(5)] : [])));
}
