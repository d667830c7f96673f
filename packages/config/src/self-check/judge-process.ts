import type { Finding } from './finding.ts';
import type { processFindings } from './findings/process-findings.ts';
import { found } from './found.ts';
import type { ProcessFacts } from './process-facts.ts';
import { isOlderVersion, releaseLineOf } from './process/node-version.ts';
import { givenNames } from './process/given-names.ts';

type Id = keyof typeof processFindings;

/** The Node that the repository pins and its tests run on; a test holds it to pnpm-workspace.yaml. */
export const TESTED_NODE = '26.10.0';

/** What a shell gives by default: 1024. With fewer, connections of clients fail under an everyday load. */
const MIN_OPEN_FILES = 1_024;

/** Versions of TLS, as Node names them, that nobody has broken. */
const UNBROKEN_TLS: ReadonlySet<string> = new Set(['TLSv1.2', 'TLSv1.3']);

/** Judges Node, its options, and what surrounds the process (SR-19, SR-20, SR-28, SR-53). */
export function judgeProcess(facts: ProcessFacts): readonly Finding[] {
  return [...judgeNode(facts), ...givenNames(facts), ...judgePermissions(facts), ...judgeSurroundings(facts)];
}

function judgeNode(facts: ProcessFacts): readonly Finding[] {
  const { nodeVersion, isInspectorOpen, oldestTls, takesBrokenCiphers, areCertificatesUnchecked } = facts;
  const isTestedLine = releaseLineOf(nodeVersion) === releaseLineOf(TESTED_NODE);
  return [
    ...found<Id>(!isTestedLine, 'RD-080', 'Node', 'It is of another release line.'),
    ...found<Id>(
      isTestedLine && isOlderVersion(nodeVersion, TESTED_NODE),
      'RD-081',
      'Node',
      'It is older than the tested version.',
    ),
    ...found<Id>(isInspectorOpen, 'RD-082', 'Node', 'The inspector listens.'),
    ...found<Id>(!UNBROKEN_TLS.has(oldestTls), 'RD-084', 'Node', 'It takes TLS below 1.2.'),
    ...found<Id>(takesBrokenCiphers, 'RD-084', 'Node', 'Its list of ciphers has broken ones.'),
    ...found<Id>(areCertificatesUnchecked, 'RD-085', 'NODE_TLS_REJECT_UNAUTHORIZED', 'It is 0.'),
  ];
}

function judgePermissions(facts: ProcessFacts): readonly Finding[] {
  const { hasPermissionModel, wideScopes, isPrototypeReachable, isPrototypeFrozen } = facts;
  return [
    ...found<Id>(!hasPermissionModel, 'RD-092', 'Node', 'Nothing is forbidden to the process.'),
    ...wideScopes.flatMap((scope) => found<Id>(true, 'RD-093', scope, 'All of this scope is allowed.')),
    ...found<Id>(isPrototypeReachable, 'RD-094', '__proto__', 'It leads from any object to Object.prototype.'),
    ...found<Id>(!isPrototypeFrozen, 'RD-094', 'Object.prototype', 'It is not frozen.'),
  ];
}

function judgeSurroundings(facts: ProcessFacts): readonly Finding[] {
  const { user, capabilityCount = 0, openFilesMax = MIN_OPEN_FILES } = facts;
  return [
    ...found<Id>(facts.canDumpCore, 'RD-089', 'core dumps', 'They may be written.'),
    ...found<Id>(openFilesMax < MIN_OPEN_FILES, 'RD-089', 'open files', 'Fewer than 1024 are allowed.'),
    ...found<Id>(facts.hasMemoryLimit === false, 'RD-089', 'memory', 'It has no limit.'),
    ...found<Id>(user === 'root', 'RD-095', 'user', 'Its id is 0, outside its namespace as well.'),
    ...found<Id>(capabilityCount > 0, 'RD-096', 'capabilities', 'There are more than NET_BIND_SERVICE.'),
    ...found<Id>(facts.hasNoNewPrivileges === false, 'RD-097', 'no_new_privs', 'It is off.'),
    ...found<Id>(facts.hasSeccompFilter === false, 'RD-097', 'seccomp', 'System calls are not filtered.'),
    ...found<Id>(facts.isRootFileSystemWritable, 'RD-098', 'root file system', 'It is mounted for writing.'),
    ...found<Id>(facts.isOwnCodeWritable, 'RD-098', 'own program', 'This user may replace it.'),
  ];
}
