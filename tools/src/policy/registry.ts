import { composeRules } from './compose/compose-rules.ts';
import { exceptionRules } from './exceptions/exception-rules.ts';
import { inlineIgnores, plainIgnores, scannerIgnores, scannerSettings } from './exceptions/scanner-rules.ts';
import { unusedExceptions } from './exceptions/unused-exceptions.ts';
import { dockerfileRules } from './images/dockerfile-rules.ts';
import { manifestRules } from './manifests/manifest-rules.ts';
import { versionRules } from './manifests/version-rules.ts';
import { ownerRules } from './owners/owner-rules.ts';
import { lockfileRules } from './pnpm/lockfile-rules.ts';
import { workspaceRules } from './pnpm/workspace-rules.ts';
import type { PolicyRule } from './policy-rule.ts';
import { secretRules } from './secrets/secret-rules.ts';
import { banRules } from './sources/ban-rules.ts';
import { lintRules } from './sources/lint-rules.ts';
import { workflowImageRule } from './workflows/image-rules.ts';
import { jobRules } from './workflows/job-rules.ts';
import { permissionRules } from './workflows/permission-rules.ts';
import { pinningRules } from './workflows/pinning-rules.ts';
import { runRules } from './workflows/run-rules.ts';
import { unlockedProgramRule } from './workflows/unlocked-program-rule.ts';

const aboutTheRepository: readonly PolicyRule[] = [
  ...pinningRules,
  ...permissionRules,
  ...jobRules,
  ...runRules,
  workflowImageRule,
  unlockedProgramRule,
  ...workspaceRules,
  ...lockfileRules,
  ...manifestRules,
  ...versionRules,
  ...dockerfileRules,
  ...composeRules,
  ...secretRules,
  ...banRules,
  ...lintRules,
  ...ownerRules,
];

/** Every rule there is, in the order of their ids. A rule that is not here is not asked. */
export const policyRules: readonly PolicyRule[] = [
  ...aboutTheRepository,
  ...exceptionRules(aboutTheRepository),
  unusedExceptions(aboutTheRepository),
  scannerIgnores,
  plainIgnores,
  inlineIgnores,
  scannerSettings,
].toSorted((a, b) => a.id.localeCompare(b.id, 'en'));
