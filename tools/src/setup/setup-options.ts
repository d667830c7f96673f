import { parseArgs } from 'node:util';

import { SetupError } from './setup-error.ts';

/** What `pnpm setup:project` was told. */
export interface SetupOptions {
  readonly name?: string;
  readonly scope?: string;
  readonly domain?: string;
  readonly owner?: string;
  readonly securityOwner?: string;
  readonly templateUrl?: string;
  readonly example?: 'keep' | 'remove';
  /** Print what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Take a working tree with changes that are not committed. */
  readonly force: boolean;
}

const USAGE = `usage: pnpm setup:project --name "Blue Heron" --scope @blue-heron --domain heron.example --owner @blue-heron/platform
         [--security-owner @blue-heron/security] [--example keep|remove] [--template-url URL] [--dry-run] [--force]`;

const options = {
  name: { type: 'string' },
  scope: { type: 'string' },
  domain: { type: 'string' },
  owner: { type: 'string' },
  'security-owner': { type: 'string' },
  'template-url': { type: 'string' },
  example: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
} as const;

/** @throws {SetupError} for a flag that there is not, or one with another value than it takes. */
export function readOptions(args: readonly string[]): SetupOptions {
  const { values } = parse(args);
  const { example } = values;
  if (example !== undefined && example !== 'keep' && example !== 'remove')
    throw new SetupError('--example: keep or remove');
  const { 'security-owner': securityOwner, 'template-url': templateUrl, 'dry-run': dryRun, force } = values;
  const given = { name: values.name, scope: values.scope, domain: values.domain, owner: values.owner };
  const texts = Object.entries({ ...given, securityOwner, templateUrl, example }).filter(
    ([, text]) => text !== undefined,
  );
  return { ...(Object.fromEntries(texts) as Partial<SetupOptions>), dryRun, force };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    // Whatever parseArgs says is about the words of the caller.
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, { cause: error });
  }
}
