import { requestContext } from '@redoubt/logging';

/** The headers that join a call to the request it is made for; none outside of a request. */
export type Propagate = () => Readonly<Record<string, string>>;

/** The correlation id of the present request (SR-47). */
export function currentCorrelation(): Readonly<Record<string, string>> {
  const context = requestContext.get();
  return context === undefined ? {} : { 'x-request-id': context.requestId };
}
