import { accessSync, constants, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';

import type { Environment } from '../environment.ts';
import {
  isRootMapped,
  isRootWritable,
  type LinuxStatus,
  parseLimits,
  parseStatus,
  type ProcessLimits,
} from './process/linux-status.ts';
import { type NodeFacts, readNodeFacts } from './process/node-facts.ts';
import { type NodeOptionNames, readNodeOptions } from './process/node-options.ts';

/**
 * What `judgeProcess` judges. A fact that this platform does not tell, or that the permission model of Node does not
 * let the process read, is `undefined`.
 */
export interface ProcessFacts extends NodeFacts, LinuxStatus, ProcessLimits {
  readonly options: NodeOptionNames;
  /** Names of the environment's variables that are set, and not to nothing. */
  readonly variables: readonly string[];
  /** Whether Node accepts any certificate from anybody. */
  readonly areCertificatesUnchecked: boolean;
  readonly user: 'root' | 'root of a user namespace' | 'another' | undefined;
  readonly isRootFileSystemWritable: boolean | undefined;
  /** Whether this process may change the program that it runs. */
  readonly isOwnCodeWritable: boolean | undefined;
  readonly hasMemoryLimit: boolean | undefined;
}

/** Learns what the self-check judges of this process. Writes nothing, changes nothing, and does not throw. */
export function readProcessFacts(environment: Environment): ProcessFacts {
  const options = readNodeOptions(environment['NODE_OPTIONS'] ?? '', process.execArgv);
  return {
    ...readNodeFacts(options.inEffect),
    ...parseStatus(readIfPossible('/proc/self/status') ?? ''),
    ...parseLimits(readIfPossible('/proc/self/limits') ?? ''),
    options,
    variables: Object.keys(environment).filter((name) => environment[name] !== ''),
    areCertificatesUnchecked: environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0',
    user: userOf(process.getuid?.(), readIfPossible('/proc/self/uid_map')),
    isRootFileSystemWritable: isRootWritable(readIfPossible('/proc/self/mountinfo') ?? ''),
    isOwnCodeWritable: isOwnCodeWritable(process.argv[1]),
    hasMemoryLimit: hasMemoryLimit(process.constrainedMemory(), totalmem()),
  };
}

/** Who a process is by its user id, and by the map of its user namespace; without a map, whose root it is is not known. */
export function userOf(userId: number | undefined, userMap: string | undefined): ProcessFacts['user'] {
  if (userId === undefined) return undefined;
  if (userId !== 0) return 'another';
  const isMapped = isRootMapped(userMap ?? '');
  if (isMapped === undefined) return undefined;
  return isMapped ? 'root of a user namespace' : 'root';
}

/** Node answers 0 where it does not know, and more than there is where nothing limits. */
export function hasMemoryLimit(constrainedBytes: number, totalBytes: number): boolean | undefined {
  return constrainedBytes === 0 ? undefined : constrainedBytes < totalBytes;
}

function readIfPossible(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Another system, or not allowed by the permission model: the fact is not known, and unknownFacts names it.
    return undefined;
  }
}

/** Whether this user may change the file of a program, or its folder, in which a file can be replaced. */
export function isOwnCodeWritable(file: string | undefined): boolean | undefined {
  if (file === undefined) return undefined;
  const [isFileWritable, isFolderWritable] = [isWritable(file), isWritable(dirname(file))];
  if (isFileWritable === true || isFolderWritable === true) return true;
  return isFileWritable === undefined || isFolderWritable === undefined ? undefined : false;
}

function isWritable(path: string): boolean | undefined {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    // The file's own mode or mount says no; anything else, as the permission model, leaves it unknown.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EROFS' || code === 'EPERM' ? false : undefined;
  }
}
