export { closeLogger, flushLoggerSync } from './close-logger.ts';
export { createBufferedDestination, type BufferedDestinationOptions } from './buffered-destination.ts';
export type { LogDestination } from './destination.ts';
export { createLogger, type LoggerOptions, type LogLevel } from './logger.ts';
export { createPrettyDestination } from './pretty-destination.ts';
export { redactText } from './redaction/redact-text.ts';
export { redactValue } from './redaction/redact-value.ts';
export { requestContext, type RequestContext } from './request-context.ts';
export { createRequestLine, type RequestLine } from './request-line.ts';
export {
  securityEventCatalogue,
  type SecurityEventField,
  type SecurityEventKind,
  type SecurityEventName,
  type SecurityEventSeverity,
} from './security-events/catalogue.ts';
export { type DeliveryCounts, DeliveryQueue, type DeliveryQueueOptions } from './security-events/delivery-queue.ts';
export { createEventLimiter, type EventLimiter, type EventLimiterOptions } from './security-events/event-limiter.ts';
export type { SecurityEvent, SecurityEventDetails, SecurityEventFacts } from './security-events/security-event.ts';
export {
  createSecurityEventLog,
  type SecurityEventLog,
  type SecurityEventLogOptions,
} from './security-events/security-event-log.ts';
export { createUuidV7 } from './uuid-v7.ts';
export type { Logger } from 'pino';
