export { azureSettings, azureSourceOf, incompleteAzureWorkload, staticAzureCredentials } from './azure-settings.ts';
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
export { plainCloudEndpoints, staticCloudKeys } from './secret-source-rules.ts';
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
