export { buildApp } from '../src/build-app.ts';
export { explainFault } from '../src/commands/explain-fault.ts';
export { profileNames, readProfile } from '../src/commands/read-profile.ts';
export { createDependencies, type ServiceAdapters } from '../src/create-dependencies.ts';
export { openEmbeddedDatabase } from '../src/development/development-adapters.ts';
export { serveForDevelopment } from '../src/development/serve-for-development.ts';
export { installDocs } from '../src/docs/install-docs.ts';
export { readTrustedIssuers } from '../src/issuers/read-trusted-issuers.ts';
export { type Retention, type RetentionOptions, startRetention } from '../src/retention/retention-job.ts';
export { retentionRules } from '../src/retention/retention-rules.ts';
export {
  type AuditHead,
  type AuditRow,
  formatAuditHead,
  hashAuditRow,
  parseAuditHead,
} from '../src/security-events/audit-chain.ts';
export { SecurityEventStore } from '../src/security-events/security-event-store.ts';
export { type AuditVerdict, verifyAuditChain } from '../src/security-events/verify-audit-chain.ts';
export { openTracing } from '../src/tracing/open-tracing.ts';
export {
  AccessMatrix,
  type Caller,
  type CustomGrants,
  matrixAdapters,
  matrixOptions,
  type People,
  type Subject,
  subjectsOf,
} from './access-matrix.ts';
export { createTestService, type TestService, type TestServiceOptions, type TestUser } from './create-test-service.ts';
export { describeAccess } from './describe-access.ts';
export { describeHeaders } from './describe-headers.ts';
export { describeHostileInput } from './describe-input.ts';
export { type ControlsOptions, testControls } from './test-controls.ts';
export { createSigningService, type SigningService } from './signing-service.ts';
export { testKeyRing } from './test-tokens.ts';
export { BILLING, createCertificateReader, EDGE, from, peers, UNLISTED } from './test-peers.ts';
