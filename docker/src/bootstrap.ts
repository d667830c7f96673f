import { join } from 'node:path';
import process from 'node:process';

import { BootstrapError } from './bootstrap/bootstrap-error.ts';
import type { Renewal } from './bootstrap/judge-leaf.ts';
import { runBootstrap } from './bootstrap/run-bootstrap.ts';
import { parseEdgeNames } from './bootstrap/subject-name.ts';
import { setOwnerByChown } from './bootstrap/volume-folder.ts';

/** Where the stack mounts the volumes. */
const DEFAULT_ROOT = '/volumes';

// oxlint-disable-next-line no-restricted-properties -- the two settings of a program that is no service
const { EDGE_NAMES = '', RENEW = 'when due' } = process.env;

try {
  const lines = await runBootstrap({
    root: process.argv[2] ?? DEFAULT_ROOT,
    edgeNames: parseEdgeNames(EDGE_NAMES),
    configSource: process.argv[3] ?? join(import.meta.dirname, 'config'),
    renewal: parseRenewal(RENEW),
    nowMs: Date.now(),
    setOwner: setOwnerByChown,
  });
  process.stdout.write(`${lines.join('\n')}\n`);
} catch (error) {
  process.stderr.write(`bootstrap: ${explain(error)}\n`);
  process.exitCode = 1;
}

/** @throws {BootstrapError} for a word that is neither. */
function parseRenewal(word: string): Renewal {
  if (word === 'now' || word === 'when due') return word;
  throw new BootstrapError('RENEW: it is "now" or "when due"');
}

/** What a person mends needs no stack: our own errors, and those of the file system, which name the path. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof BootstrapError || 'code' in error ? error.message : (error.stack ?? error.message);
}
