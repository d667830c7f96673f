export {
  type LoadedSettings,
  type NodeEnvironment,
  type SettingsDefinition,
  type SettingsOptions,
  type SettingsRule,
  defineSettings,
} from './define-settings.ts';
export { type Environment, readEnvironment } from './environment.ts';
export { loadSettings } from './load-settings.ts';
export {
  broadTrustedProxies,
  developmentOnly,
  environmentSecret,
  plainHttp,
  refuseInProduction,
  uncheckedCertificates,
  weakenedNode,
  wildcardOrigins,
} from './production-rules.ts';
export type { Finding, FindingArea, FindingId, FindingKind, FindingSeverity } from './self-check/finding.ts';
export { clockFindings } from './self-check/findings/clock-findings.ts';
export { databaseFindings } from './self-check/findings/database-findings.ts';
export { processFindings } from './self-check/findings/process-findings.ts';
export { sharedStoreFindings } from './self-check/findings/shared-store-findings.ts';
export { tlsFindings } from './self-check/findings/tls-findings.ts';
export { unknownFacts } from './self-check/found.ts';
export { type ClockFacts, judgeClock } from './self-check/judge-clock.ts';
export { type DatabaseFacts, judgeDatabase } from './self-check/judge-database.ts';
export { judgeProcess } from './self-check/judge-process.ts';
export { judgeSharedStore, type SharedStoreFacts } from './self-check/judge-shared-store.ts';
export { judgeTls } from './self-check/judge-tls.ts';
export { type ProcessFacts, readProcessFacts } from './self-check/process-facts.ts';
export { type CertificateFacts } from './self-check/tls/certificate-facts.ts';
export { readTlsFacts, type TlsFacts, type TlsParts, type TlsSettingNames } from './self-check/tls/tls-facts.ts';
export {
  type ListSettingOptions,
  type SettingOptions,
  type UrlSettingOptions,
  choiceSetting,
  cidrListSetting,
  hostSetting,
  originListSetting,
  originSetting,
  portSetting,
  secretReferenceSetting,
  urlSetting,
} from './setting-builders.ts';
export { type SettingFault, type SettingProblem, refusedSetting } from './setting-fault.ts';
export { EXIT_CODE_CONFIGURATION, SettingsError } from './settings-error.ts';
export { settingsTable } from './settings-table.ts';
