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
export { createLiveSecret, type TestLiveSecret } from './live-secret.ts';
export { createLogCapture, type LogCapture } from './log-capture.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { type RawResponse, sendRaw } from './raw-http.ts';
export { createTcpProxy, type TcpProxy } from './tcp-proxy.ts';
