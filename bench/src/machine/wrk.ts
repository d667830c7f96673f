import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Work } from '../contract/work.ts';
import { runCommand } from './run-command.ts';

/** What one run of wrk saw. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How a work is loaded. */
export interface LoadOptions {
  readonly origin: string;
  readonly seconds: number;
  readonly connections?: number;
  readonly directory: string;
}

/** Enough to keep one core busy, too few to queue for long. */
const CONNECTIONS = 64;

const REPORT = `
done = function(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('\\nBENCH %d %d %d %d %.0f %.0f\\n', summary.requests, summary.duration, failed,
    summary.errors.status, latency:percentile(50), latency:percentile(99)))
end
`;

/**
 * Asks for the same again and again on kept connections with wrk, which is on the runner's core.
 *
 * @throws when a request failed, or an answer's status was not of the kind that the work expects.
 */
export async function load(work: Work, options: LoadOptions): Promise<LoadResult> {
  const { origin, seconds, connections = CONNECTIONS, directory } = options;
  const script = join(directory, `${work.name.replaceAll(/\W+/g, '-')}.lua`);
  await writeFile(script, scriptOf(work));
  const output = await runCommand([
    'wrk',
    '--threads=1',
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    `--script=${script}`,
    `${origin}${work.path}`,
  ]);
  return parseReport(output, work);
}

/** Reads what the script reported. */
export function parseReport(output: string, work: Pick<Work, 'name' | 'status'>): LoadResult {
  const figures = /^BENCH (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$/m.exec(output)?.slice(1).map(Number);
  const [requests = 0, microseconds = 0, failed = 0, refused = 0, p50 = 0, p99 = 0] = figures ?? [];
  if (requests === 0) throw new Error(`${work.name}: no answer:\n${output}`);
  // wrk counts every status from 400 on.
  const expected = work.status < 400 ? 0 : requests;
  if (failed > 0 || refused !== expected)
    throw new Error(`${work.name}: of ${requests} requests ${failed} failed and ${refused} were refused`);
  return {
    requests,
    requestsPerSecond: requests / (microseconds / 1_000_000),
    p50Ms: p50 / 1000,
    p99Ms: p99 / 1000,
  };
}

function scriptOf({ method, headers, body, uniqueKeys }: Work): string {
  const fields = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  return [
    `wrk.method = ${quoted(method)}`,
    ...fields.map(([name, value]) => `wrk.headers[${quoted(name)}] = ${quoted(value)}`),
    ...(body === undefined ? [] : [`wrk.body = ${quoted(body)}`]),
    ...(uniqueKeys === true ? [keys()] : []),
    REPORT,
  ].join('\n');
}

/** A key of its own for each request, and for each run. */
function keys(): string {
  return `
local sent = 0
request = function()
  sent = sent + 1
  wrk.headers["Idempotency-Key"] = "${randomBytes(12).toString('hex')}-" .. sent
  return wrk.format()
end`;
}

/** The texts of works are printable ASCII: JSON's form is Lua's as well. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
