import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { Work } from './contract/work.ts';
import { LIMITED_FIRST, limitedGet, refusals } from './contract/works.ts';
import type { ServiceProcess } from './machine/service-process.ts';

/** Headers that tell of a control; every variant that claims controls sends them. */
const CONTROL_HEADERS: readonly RegExp[] = [
  /^content-security-policy$|^x-frame-options$/,
  /^x-content-type-options$/,
  /^referrer-policy$/,
  /^(?:x-)?ratelimit/,
  /^x-request-id$/,
];

/** A variant that does other work than the rest: its figures would say nothing. */
class DifferentAnswerError extends Error {
  override readonly name = 'DifferentAnswerError';
}

/**
 * Holds a variant to the work: the same status and the same JSON for each, the refusals of what must be refused, and,
 * where it has controls, a trace of each in its headers. Throws before anything is measured.
 */
export async function assertSameWork(service: ServiceProcess, works: readonly Work[], token: string): Promise<void> {
  for (const work of works) await assertAnswer(service, work);
  if (service.variant.kind === 'full') {
    for (const { work, allowed } of refusals(token)) {
      const { status } = await ask(service, work);
      if (!allowed.includes(status)) fail(service, `${work.method} ${work.path} was not refused, but ${status}`);
    }
    await assertControls(service, works[0]);
  }
  for (let sent = 0; sent < LIMITED_FIRST; sent += 1) await ask(service, limitedGet);
  await assertAnswer(service, limitedGet);
}

async function assertAnswer(service: ServiceProcess, work: Work): Promise<void> {
  const response = await ask(service, work);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status !== work.status) fail(service, `${work.name} was answered ${response.status}`);
  if (work.answer !== undefined && !isDeepStrictEqual(body, work.answer))
    fail(service, `${work.name} was answered with ${JSON.stringify(body)}`);
}

async function assertControls(service: ServiceProcess, work: Work | undefined): Promise<void> {
  if (work === undefined) return;
  const { headers } = await ask(service, work);
  const names = [...headers.keys()];
  for (const control of CONTROL_HEADERS)
    if (!names.some((name) => control.test(name))) fail(service, `sends no header like ${control.source}`);
}

function ask({ origin }: ServiceProcess, { method, path, headers, body, uniqueKeys }: Work): Promise<Response> {
  // fetch writes these two itself.
  const { Host: _host, 'Content-Length': _length, ...sent } = headers;
  return fetch(`${origin}${path}`, {
    method,
    headers: { ...sent, ...(uniqueKeys === true ? { 'Idempotency-Key': randomUUID() } : {}) },
    ...(body === undefined ? {} : { body }),
  });
}

function fail({ variant }: ServiceProcess, message: string): never {
  throw new DifferentAnswerError(`${variant.title} does other work: ${message}`);
}
