import { requestContext } from '@redoubt/logging';

import type { AllowedHost } from './allowed-hosts.ts';

/** The headers that join a call to the request it is made for; none outside of a request. */
export type Propagate = () => Readonly<Record<string, string>>;

/** The correlation id of the present request, and the trace that it is a part of (SR-47). */
function currentCorrelation(): Readonly<Record<string, string>> {
  const context = requestContext.get();
  if (context === undefined) return {};
  const { requestId, traceparent } = context;
  return { 'x-request-id': requestId, ...(traceparent === undefined ? {} : { traceparent }) };
}

/** What of the present request goes with a call: nothing to a host that is not the own network's, unless its entry says so. */
export function correlationFor(
  { reach, correlation = reach === 'private' ? 'passed-on' : 'withheld' }: AllowedHost,
  propagate: Propagate = currentCorrelation,
): Readonly<Record<string, string>> {
  return correlation === 'passed-on' ? propagate() : {};
}
