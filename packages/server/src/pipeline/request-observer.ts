import type { AccessRule, InvalidSignatureError, PeerCertificateError } from '@redoubt/auth';
import type { FastifyRequest } from 'fastify';

/**
 * Told of what the pipeline sees and security cares about: what the service makes of it (events, counters) is its own
 * affair. Each method is called once for each time it happens. One that throws is logged and changes nothing.
 */
export interface RequestObserver {
  /** A connection was refused for its client certificate. */
  peerRefused(request: FastifyRequest, refusal: PeerCertificateError): void;
  /** A signed request came whose signature holds and was used before. */
  replayed(request: FastifyRequest, refusal: InvalidSignatureError): void;
  /** The rule of the route denied. */
  denied(request: FastifyRequest, rule: AccessRule): void;
  /** The rule of the route let the caller in. */
  granted(request: FastifyRequest, rule: AccessRule): void;
  /** The request was no valid JSON, or not what the route's schema asks for. */
  invalidInput(request: FastifyRequest): void;
  /** The request had a field that no schema knows, or a form that no honest client gives it. */
  extraneous(request: FastifyRequest): void;
  /** A page of an origin that is not allowed asked, with a preflight or with what proves a user. */
  foreignOrigin(request: FastifyRequest, asked: 'preflight' | 'credentials'): void;
  /** What was asked for is not there, or not for this caller to know of. */
  notFound(request: FastifyRequest): void;
  /** A caller went over a limit: once for each caller and window, whichever replica sees it. */
  limited(request: FastifyRequest, limit: string): void;
}

/** Makes an observer whose every method can be called and never throws. */
export function createSafeObserver(observer: Partial<RequestObserver>): RequestObserver {
  const tell = (request: FastifyRequest, what: string, report: () => void): void => {
    try {
      report();
    } catch (error) {
      // The answer stands even when nobody could be told of it.
      request.log.error({ err: error, what }, 'what was seen of a request could not be reported');
    }
  };
  return {
    peerRefused: (request, refusal) => tell(request, 'peerRefused', () => observer.peerRefused?.(request, refusal)),
    replayed: (request, refusal) => tell(request, 'replayed', () => observer.replayed?.(request, refusal)),
    denied: (request, rule) => tell(request, 'denied', () => observer.denied?.(request, rule)),
    granted: (request, rule) => tell(request, 'granted', () => observer.granted?.(request, rule)),
    invalidInput: (request) => tell(request, 'invalidInput', () => observer.invalidInput?.(request)),
    extraneous: (request) => tell(request, 'extraneous', () => observer.extraneous?.(request)),
    foreignOrigin: (request, asked) => tell(request, 'foreignOrigin', () => observer.foreignOrigin?.(request, asked)),
    notFound: (request) => tell(request, 'notFound', () => observer.notFound?.(request)),
    limited: (request, limit) => tell(request, 'limited', () => observer.limited?.(request, limit)),
  };
}
