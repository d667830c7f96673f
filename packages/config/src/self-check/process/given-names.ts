import type { Finding } from '../finding.ts';
import type { processFindings } from '../findings/process-findings.ts';
import { found } from '../found.ts';
import type { ProcessFacts } from '../process-facts.ts';

type Id = keyof typeof processFindings;

/** Options of Node that are a fault by being given, whoever gave them. */
const OPTIONS: ReadonlyMap<string, Id> = new Map([
  ['--inspect', 'RD-082'],
  ['--inspect-brk', 'RD-082'],
  ['--inspect-wait', 'RD-082'],
  ['--insecure-http-parser', 'RD-083'],
  ['--openssl-legacy-provider', 'RD-084'],
  ['--tls-keylog', 'RD-086'],
  ['--trace-tls', 'RD-087'],
  ['--heapsnapshot-signal', 'RD-088'],
  ['--heapsnapshot-near-heap-limit', 'RD-088'],
  ['--heap-prof', 'RD-088'],
  ['--cpu-prof', 'RD-088'],
  ['--abort-on-uncaught-exception', 'RD-088'],
  // Such a file sets options that this check does not see.
  ['--experimental-config-file', 'RD-090'],
  ['--experimental-default-config-file', 'RD-090'],
  ['--use-system-ca', 'RD-091'],
  ['--use-openssl-ca', 'RD-091'],
]);

/** Options that write a report, with the environment in it unless another option keeps it out. */
const REPORTS: readonly string[] = ['--report-on-fatalerror', '--report-on-signal', '--report-uncaught-exception'];

/** Options that load code: a fault where the environment gives them, and the build's own affair on the command line. */
const LOADERS: readonly string[] = ['--require', '--import', '--loader', '--experimental-loader'];

/** Variables that are a fault by being set to anything. */
const VARIABLES: ReadonlyMap<string, Id> = new Map([
  ['SSLKEYLOGFILE', 'RD-086'],
  ['NODE_DEBUG', 'RD-087'],
  ['NODE_DEBUG_NATIVE', 'RD-087'],
  ['NODE_V8_COVERAGE', 'RD-088'],
  ['LD_PRELOAD', 'RD-090'],
  ['LD_AUDIT', 'RD-090'],
  ['DYLD_INSERT_LIBRARIES', 'RD-090'],
  ['NODE_EXTRA_CA_CERTS', 'RD-091'],
  ['NODE_USE_SYSTEM_CA', 'RD-091'],
]);

/** Findings of options and variables that nobody gives to a service. */
export function givenNames({ options, variables }: ProcessFacts): readonly Finding[] {
  const { inEffect, fromEnvironment } = options;
  const reports = inEffect.includes('--report-exclude-env') ? [] : REPORTS.filter((name) => inEffect.includes(name));
  const loaders = LOADERS.filter((name) => fromEnvironment.includes(name));
  return [
    ...[...OPTIONS].flatMap(([name, id]) => found(inEffect.includes(name), id, name, 'It is given.')),
    ...reports.flatMap((name) => found<Id>(true, 'RD-088', name, 'It is given, without --report-exclude-env.')),
    ...loaders.flatMap((name) => found<Id>(true, 'RD-090', name, 'NODE_OPTIONS gives it.')),
    ...[...VARIABLES].flatMap(([name, id]) => found(variables.includes(name), id, name, 'It is set.')),
  ];
}
