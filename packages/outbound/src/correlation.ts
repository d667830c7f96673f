import { requestContext } from '@redoubt/logging';

/** The headers that join a call to the request it is made for; none outside of a request. */
export type Propagate = () => Readonly<Record<string, string>>;

/** The correlation id of the present request, and the trace that it is a part of (SR-47). */
export function currentCorrelation(): Readonly<Record<string, string>> {
  const context = requestContext.get();
  if (context === undefined) return {};
  const { requestId, traceparent } = context;
  return { 'x-request-id': requestId, ...(traceparent === undefined ? {} : { traceparent }) };
}
