export { azureSettings, azureSourceOf, incompleteAzureWorkload, staticAzureCredentials } from './azure-settings.ts';
export { type DecisiveFileFault, type DecisiveFileReading, readDecisiveFile } from './decisive-file.ts';
export {
  type LoadedSettings,
  type NodeEnvironment,
  type RuleView,
  type SettingsDefinition,
  type SettingsOf,
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
export { plainCloudEndpoints, staticCloudKeys } from './secret-source-rules.ts';
export type { Finding, FindingArea, FindingId, FindingKind, FindingSeverity } from './self-check/finding.ts';
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
export { secretSettingsOf } from './secret-settings.ts';
export { type SettingFault, type SettingProblem, refusedSetting } from './setting-fault.ts';
export { EXIT_CODE_CONFIGURATION, SettingsError } from './settings-error.ts';
export { settingsTable } from './settings-table.ts';
export { findingCatalogue, kindOf } from './self-check/catalogue.ts';
export { pageOf } from './self-check/finding-page.ts';
export { type SelfCheckLogger, logReport } from './self-check/report/log-report.ts';
export { type ReportColour, colourFor, renderReport } from './self-check/report/render-report.ts';
export { type ReportDocument, reportDocument, reportSchema } from './self-check/report/report-document.ts';
export { assertFitToStart, exitCodeOf, SelfCheckError } from './self-check/report/self-check-error.ts';
export type {
  CheckName,
  ReportedFinding,
  SelfCheckReport,
  SilencedFinding,
  UnmadeCheck,
} from './self-check/report/self-check-report.ts';
export { allowedOrigins, hostCookie } from './self-check/rules/browser-rules.ts';
export { environmentCredentials } from './self-check/rules/environment-credentials.ts';
export {
  managementListener,
  proxyRanges,
  reachableDevelopment,
  templateName,
  tlsEnd,
} from './self-check/rules/network-rules.ts';
export { isLoopback } from './self-check/rules/listen-address.ts';
export { sampleDomain } from './self-check/rules/sample-domain.ts';
export { type SelfCheckRule, inProductionOnly, settingsChecks } from './self-check/rules/self-check-rule.ts';
export { type SelfCheckOptions, runSelfCheck } from './self-check/run-self-check.ts';
export { readRepositoryTexts } from './self-check/sample-values/repository-files.ts';
export { readSampleValues } from './self-check/sample-values/repository-samples.ts';
export { encodeSampleValues, loadSampleValues } from './self-check/sample-values/sample-value-list.ts';
export type { SampleValues } from './self-check/sample-values/sample-values.ts';
export { type SecretReader, createSecretReader } from './self-check/secrets/read-secret-documents.ts';
export { type SecretCheckContext, type SecretUse, secretChecks } from './self-check/secrets/secret-checks.ts';
export type { HeldSecret, SecretKind, SecretOutcome } from './self-check/secrets/secret-outcome.ts';
export { type CheckResult, NotCheckedError, type PartialResult, type SelfCheck } from './self-check/self-check.ts';
export { findingsOfFaults, settingsFaultsCheck } from './self-check/settings-faults.ts';
export { readSilences } from './self-check/silences/read-silences.ts';
export type { Silence, SilenceReading } from './self-check/silences/silence.ts';
export { vaultRules } from './vault-rules.ts';
export { type VaultSettings, vaultSettings, vaultSourceOf } from './vault-settings.ts';
