/** What pnpm-workspace.yaml has to say: a value, or `listed`, where rules of their own look at each entry. */
export type ExpectedSetting = { readonly value: unknown } | { readonly listed: 'required' | 'optional' };

/**
 * Every setting of pnpm-workspace.yaml. pnpm ignores a name that it does not know, without a word: a setting that is not
 * here is a mistake, or a decision that belongs here first. Why each has its value is said in the file itself.
 */
export const expectedSettings: Readonly<Record<string, ExpectedSetting>> = {
  packages: { value: ['apps/*', 'bench', 'docker', 'packages/*', 'tools'] },
  catalog: { listed: 'required' },
  catalogMode: { value: 'strict' },
  catalogPrune: { value: true },
  savePrefix: { value: '' },
  verifyDepsBeforeRun: { value: 'install' },
  nodeVersion: { listed: 'required' },
  engineStrict: { value: true },
  pmOnFail: { value: 'ignore' },
  minimumReleaseAge: { value: 4320 },
  minimumReleaseAgeStrict: { value: true },
  minimumReleaseAgeIgnoreMissingTime: { value: false },
  minimumReleaseAgeExcludePrune: { value: true },
  minimumReleaseAgeExclude: { listed: 'optional' },
  trustPolicy: { value: 'no-downgrade' },
  trustPolicyIgnoreAfter: { value: 43_200 },
  trustPolicyExclude: { listed: 'optional' },
  overrides: { listed: 'optional' },
  blockExoticSubdeps: { value: true },
  strictPeerDependencies: { value: true },
  ignoreWorkspaceCycles: { value: true },
  strictDepBuilds: { value: true },
  allowBuilds: { listed: 'required' },
  audit: { listed: 'required' },
};
