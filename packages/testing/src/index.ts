export {
  type AlternativeName,
  type CertificateContent,
  CLIENT_AUTHENTICATION,
  createTestAuthority,
  loopbackServer,
  SERVER_AUTHENTICATION,
  type TestAuthority,
  type TestCertificate,
} from './certificates/test-authority.ts';
export { type ChildService, startChild, waitUntilReady } from './child-service.ts';
export { findFreePort } from './free-port.ts';
export { type HostileBody, headersOf, hostileBodies } from './hostile-bodies.ts';
export { createLogCapture, type LogCapture } from './log-capture.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { type RawResponse, sendRaw } from './raw-http.ts';
export {
  digestHeader,
  type ForgedHeaders,
  type ForgedParameters,
  type ForgedRequest,
  type ForgerKey,
  type Forgery,
  honestForgery,
  signForgery,
} from './signatures/forge-signature.ts';
export { createTcpProxy, type TcpProxy } from './tcp-proxy.ts';
