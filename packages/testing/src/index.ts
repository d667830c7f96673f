export { createCanary, formsOf, pathsToCanary } from './canary.ts';
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
export { createFaultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy.ts';
export type { Answer, Fault, FaultScope, InjectedFault, SeenRequest } from './fault-proxy/fault.ts';
export type { Upstream } from './fault-proxy/forward.ts';
export { findFreePort } from './free-port.ts';
export { type HostileBody, headersOf, hostileBodies } from './hostile-bodies.ts';
export { createLiveSecret, type TestLiveSecret } from './live-secret.ts';
export { createLogCapture, type LogCapture } from './log-capture.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { createManualScheduler, type ManualScheduler } from './manual-scheduler.ts';
export {
  createOtlpReceiver,
  type OtlpAttribute,
  type OtlpReceiver,
  type OtlpReceiverOptions,
  type OtlpSpan,
} from './otlp-receiver.ts';
export type { OwnServer } from './own-servers/own-server.ts';
export { type OwnServers, startOwnServers } from './own-servers/start-own-servers.ts';
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
export { createTcpProxy, type TcpProxy, type Transfer, type TransferListener } from './tcp-proxy.ts';
export type { DatabaseUsers } from './vault/database-engine.ts';
export { createTestCluster, type TestCluster } from './vault/test-cluster.ts';
export { createTestTokenIssuer, type TestClaims, type TestTokenIssuer } from './vault/test-jwt.ts';
export { openTestVault, type TestVault } from './vault/test-vault.ts';
export { type TokenRole, VaultAdmin, type VaultAdminOptions } from './vault/vault-admin.ts';
export {
  createVaultStandIn,
  type VaultMode,
  type VaultStandIn,
  type VaultStandInOptions,
} from './vault/vault-stand-in.ts';
