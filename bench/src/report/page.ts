import { type Goal, goals, isReached } from '../goals.ts';
import type { GrowthStep, Results, WorkFigures } from '../results.ts';
import { variants } from '../variants.ts';
import { whole, withSpread } from './figures.ts';
import { markdownTable } from './markdown-table.ts';

/** Writes docs/performance.md. Every figure of it is of one run. */
export function renderPage(results: Results): string {
  const { machine, rounds, seconds, when, service } = results;
  return `# Performance

What the controls cost, measured against what a team would pick instead, on the same work, in one run. \`pnpm bench\` runs it,
\`--quick\` in less than two minutes; \`--write\` writes this page and the figures that \`--check\` compares with
([030](decisions/030-benchmark.md)).

This run: ${when.slice(0, 10)}, ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}. The servers have one core; the load,
PostgreSQL and Valkey have the other. ${rounds} rounds of ${seconds} s, variants in turn within each round, 64 kept connections. A figure is a median,
with its quartiles in brackets; a ratio is of two variants in the same round. Compare ratios, not seconds of two machines.

![Requests a second, as ratios to bare Fastify](performance.svg)

## What is compared

- **Bare node:http** and **bare Fastify** have no control but what the work itself asks for: schemas on bare Fastify, and a
  token that is verified, ES256, with a cache of 10,000 verified tokens.
- **Bare Fastify, busy for some microseconds** is the same server, which spins for that long with each request: what a microsecond
  is worth on this machine. It is worth more than itself, since a load that has time to sleep has to be woken by each answer.
- **Redoubt** is a service on \`@redoubt/server\`, bundled as the example service is, with the controls that production has on:
  every step of the pipeline, revocations, limits, metrics, and the log, written to the null device. Its routes are the
  benchmark's own: those of the example service need a database. Limits are counted in the process here, as those of all peers;
  *limits in Valkey* is the same service with the counters that replicas share.
- **Hono**, **NestJS** and **Express** have what their guides name: security headers, CORS, limits in the process, request
  ids, a verified token, checked bodies, a line of log for each request. They verify each token anew, as their libraries do.

Before anything is measured, all are asked the same and must answer the same, and refuse the same
([equality.ts](../bench/src/equality.ts)).

## Goals

${markdownTable(
  ['goal', 'bound', 'reached', ''],
  goals.map((goal) => goalRow(goal, results)),
)}

## Requests

${Object.entries(results.works)
  .map(([name, figures]) => `### ${name}\n\n${workTable(figures)}`)
  .join('\n\n')}

## Without a socket

Microseconds of processor time for each request, handed to the server's own listener: the framework, and Node's request and
response objects.

${directTable(results)}

## Start and memory

Start: from the process to the first 200, both bundled alike. Memory: what the process holds of the machine, after its start
and after all the load of this run.

${markdownTable(
  ['variant', 'start, ms', 'at rest, MiB', 'after load, MiB'],
  variants.flatMap(({ id, title }) => {
    const [memory, start] = [results.memory[id], results.startUp[id]];
    if (memory === undefined) return [];
    return [[title, start === undefined ? '–' : withSpread(start, 0), whole(memory.rest), whole(memory.loaded)]];
  }),
)}

## Growth

Connections, as ratios to 64:

${growthTable('connections', results.connections)}

Routes, as ratios to 1:

${growthTable('routes', results.routes)}

Callers that the limiter counts in memory. It is bounded: the counter that ends first gives way.

${markdownTable(
  ['callers', 'counters held', 'MiB', 'bytes for each'],
  results.callers.map(({ callers, held, mebibytes, bytesPerCaller }) => [
    whole(callers),
    whole(held),
    whole(mebibytes),
    whole(bytesPerCaller),
  ]),
)}

## The example service

Its own bundle, over PostgreSQL and Valkey: ready after ${whole(service.startUpMs)} ms, ${whole(service.restMebibytes)} MiB at rest. A signed-in user reads their account, with a
counter in Valkey and a row of PostgreSQL: ${whole(service.signedIn.requestsPerSecond)} requests a second, p99 ${withSpread(single(service.signedIn.p99Ms), 1)} ms.
${service.signIns.count} sign-ins at once (argon2id, 19 MiB): ${service.signIns.perSecond.toFixed(1)} a second; \`/health/live\` answered with p99 ${whole(service.signIns.probeP99Ms)} ms meanwhile.

## What is not measured

Two replicas against one, which need two cores beside the load's; the image, whose size and start
\`docker/test/image.stack.test.ts\` holds to bounds; sessions in PostgreSQL, of which a row is what they cost.
`;
}

function goalRow(goal: Goal, results: Results): readonly string[] {
  const { name, bound, value, unit } = goal;
  const reached = goal.reached(results);
  const wanted = `${bound} ${value}${unit === '' ? '' : ` ${unit}`}`;
  if (reached === undefined) return [name, wanted, 'not measured', ''];
  const digits = unit === '×' || unit === 'µs' ? 2 : 0;
  return [name, wanted, withSpread(reached, digits), isReached(goal, reached) ? 'reached' : 'not reached'];
}

function workTable(figures: WorkFigures): string {
  return markdownTable(
    ['variant', 'ratio', 'requests/s', 'p99, ms', 'CPU, µs'],
    variants.flatMap(({ id, title }) => {
      const found = figures[id];
      if (found === undefined) return [];
      const { ratio, requestsPerSecond, p99Ms, cpuMicroseconds } = found;
      return [
        [
          title,
          withSpread(ratio),
          whole(requestsPerSecond.median),
          p99Ms.median.toFixed(1),
          cpuMicroseconds.median.toFixed(1),
        ],
      ];
    }),
  );
}

function directTable({ direct }: Results): string {
  const works = Object.keys(direct);
  return markdownTable(
    ['variant', ...works],
    variants
      .filter(({ id }) => works.some((work) => direct[work]?.[id] !== undefined))
      .map(({ id, title }) =>
        [title].concat(
          works.map((work) => {
            const spread = direct[work]?.[id];
            return spread === undefined ? '–' : withSpread(spread, 1);
          }),
        ),
      ),
  );
}

function growthTable(name: string, steps: readonly GrowthStep[]): string {
  return markdownTable(
    [name, 'ratio', 'requests/s', 'p99, ms'],
    steps.map(({ size, ratio, requestsPerSecond, p99Ms }) => [
      whole(size),
      withSpread(ratio),
      whole(requestsPerSecond),
      p99Ms.toFixed(1),
    ]),
  );
}

function single(value: number) {
  return { median: value, lower: value, upper: value };
}
