import { vi } from 'vitest';

import { containersOf, docker, succeeded } from '../../support/stack.ts';
import { headerOf, type RawAnswer } from './raw-answer.ts';

/** A line of the edge's access log; nginx/conf.d/log.conf has all of it. */
export interface EdgeLine {
  readonly requestId: string;
  readonly clientAddress: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly upstreamStatus: string;
  readonly cache: string;
  readonly limited: string;
  readonly group: string;
}

/** A line that the API writes for a request. */
export interface ApiLine {
  readonly msg: string;
  readonly requestId: string;
  readonly clientAddress: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly traceId?: string;
}

const PATIENCE = { timeout: 10_000, interval: 50 };

/** What a service has written since a moment: each stream of each of its containers. */
export async function textsOf(service: string, since: Date): Promise<{ stdout: string; stderr: string }> {
  const containers = await idsOf(service);
  const results = await Promise.all(
    containers.map(async (id) => succeeded(await docker('logs', '--since', since.toISOString(), id))),
  );
  return {
    stdout: results.map(({ stdout }) => stdout).join(''),
    stderr: results.map(({ stderr }) => stderr).join(''),
  };
}

const ids = new Map<string, Promise<readonly string[]>>();

/** A container keeps its id when it is started again, so that each service is asked for once. */
function idsOf(service: string): Promise<readonly string[]> {
  const known = ids.get(service) ?? containersOf(service);
  ids.set(service, known);
  return known;
}

/** From where an edge asks itself for its health: no test does. */
const HEALTH_CHECK_ADDRESS = '127.0.0.1';

/** The edge's lines since a moment, without those of its own health check. Throws for one that is not JSON. */
export async function edgeLines(since: Date, service = 'edge'): Promise<readonly EdgeLine[]> {
  const { stdout } = await textsOf(service, since);
  return (jsonLines(stdout) as EdgeLine[]).filter(({ clientAddress }) => clientAddress !== HEALTH_CHECK_ADDRESS);
}

/** The API's lines of requests since a moment, of all replicas; those of the management listener and the health checks left out. */
export async function apiLines(since: Date): Promise<readonly ApiLine[]> {
  const { stdout } = await textsOf('api', since);
  return (jsonLines(stdout) as ApiLine[]).filter(
    ({ msg, route, clientAddress }) =>
      msg === 'request' && !/^\/(?:health|metrics)/.test(route) && clientAddress !== HEALTH_CHECK_ADDRESS,
  );
}

/** The edge's line of a request; waits for it. */
export async function edgeLineOf(answer: RawAnswer, since: Date): Promise<EdgeLine> {
  const [line] = await edgeLinesOf([answer], since);
  if (line === undefined) throw new Error('no request was asked for');
  return line;
}

/** The edge's lines of some requests, in their order; waits for them. */
export function edgeLinesOf(answers: readonly RawAnswer[], since: Date): Promise<readonly EdgeLine[]> {
  return linesOfAll(answers, () => edgeLines(since));
}

/** The API's lines of some requests, in their order; waits for them. */
export function apiLinesOf(answers: readonly RawAnswer[], since: Date): Promise<readonly ApiLine[]> {
  return linesOfAll(answers, () => apiLines(since));
}

/** One line for each answer, by the id that it has. */
function linesOfAll<Line extends { readonly requestId: string }>(
  answers: readonly RawAnswer[],
  read: () => Promise<readonly Line[]>,
): Promise<readonly Line[]> {
  return vi.waitFor(async () => {
    const byId = Map.groupBy(await read(), ({ requestId }) => requestId);
    return answers.map((answer) => {
      const [line, ...others] = byId.get(headerOf(answer, 'x-request-id') ?? '') ?? [];
      if (line === undefined || others.length > 0) throw new Error('not one line for each request');
      return line;
    });
  }, PATIENCE);
}

function jsonLines(text: string): readonly unknown[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as unknown);
}
