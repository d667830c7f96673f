import { once } from 'node:events';
// oxlint-disable-next-line no-restricted-imports -- asks its own service, inside the container; the client of @redoubt/outbound costs ten times the start (SR-29)
import { get, type IncomingMessage } from 'node:http';
import process from 'node:process';

import { type Environment, readEnvironment } from '@redoubt/config';

import { DEFAULT_MANAGEMENT_HOST, DEFAULT_MANAGEMENT_PORT } from '../settings/management-address.ts';

/** The ready probe gives its dependencies 1 s; a service that needs longer than 3 s to say so is not ready. */
const HEALTH_TIMEOUT_MS = 3000;

/**
 * Asks the management listener of the service beside it whether that is ready, and sets the exit code: 0 when it is,
 * otherwise 1. The settings themselves are not checked: with wrong ones there is no service to ask.
 */
export async function health(environment: Environment = readEnvironment()): Promise<void> {
  const answer = await ask(readyUrl(environment)).catch(nothing);
  process.stdout.write(`${answer === undefined ? 'no answer' : `status ${answer.statusCode}`}\n`);
  process.exitCode = answer?.statusCode === 200 ? 0 : 1;
}

function readyUrl(environment: Environment): string {
  const { MANAGEMENT_HOST: host = DEFAULT_MANAGEMENT_HOST, MANAGEMENT_PORT: port = DEFAULT_MANAGEMENT_PORT } =
    environment;
  return `http://${reachable(host)}:${port}/health/ready`;
}

/** A listener on every address has the loopback, too. */
function reachable(host: string): string {
  if (/^[0:.]+$/.test(host)) return DEFAULT_MANAGEMENT_HOST;
  return host.includes(':') ? `[${host}]` : host;
}

async function ask(url: string): Promise<IncomingMessage> {
  const request = get(url, { agent: false, signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}

/** No answer is an answer: who asked sees the exit code. */
function nothing(): undefined {
  return undefined;
}
