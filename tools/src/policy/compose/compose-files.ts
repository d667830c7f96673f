import type { RepositoryFiles } from '../read/repository-files.ts';
import { type ComposeFile, type ComposeService, composeFileOf } from '../read/compose-file.ts';
import type { ComposePolicy } from './compose-policy.ts';

/** A compose file with the policy that it is held to. */
export interface JudgedComposeFile {
  readonly file: string;
  readonly services: ComposeFile['services'];
  /** Names of its services whose image another file names. */
  readonly borrowed: ReadonlySet<string>;
  /** Names of its networks that have no way out. */
  readonly internal: ReadonlySet<string>;
  readonly policy: ComposePolicy;
}

/** Gives each file to the user that reads it. */
const roots = { bootstrap: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] };

interface KnownFile extends ComposePolicy {
  /** The file that this one is laid over: what it does not say, that one says. */
  readonly over?: string;
}

const known: Readonly<Record<string, KnownFile>> = {
  'compose.yaml': { edges: ['edge'], roots },
  // Servers for tests, on the loopback of a developer's machine: `.local` is where their addresses are written to.
  'compose.servers.yaml': { roots, writable: ['./.local:/local'] },
  // A second edge beside the first, with production's own rates.
  'docker/test/compose.test.yaml': { over: 'compose.yaml', edges: ['edge', 'edge-defaults'], roots },
};

/** For a file that nobody has listed: nobody publishes a port, and nobody is root. */
const STRICTEST: KnownFile = { edges: [], roots: {} };

/** Every compose file of the repository, with what an overlay takes from the file below it. */
export function composeFilesOf(files: RepositoryFiles): JudgedComposeFile[] {
  return files.matching(/(?:^|\/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/).map((file) => {
    const { over, ...policy } = known[file] ?? STRICTEST;
    const own = composeFileOf(file, files.yaml(file));
    const below = over === undefined ? { services: {} } : composeFileOf(over, files.yaml(over));
    const networks = Object.entries({ ...below.networks, ...own.networks });
    return {
      file,
      services: Object.fromEntries(
        Object.entries(own.services).map(([name, each]) => [name, overlaid(name, each, below)]),
      ),
      borrowed: new Set(
        Object.keys(own.services).filter((name) => over !== undefined && own.services[name]?.image === undefined),
      ),
      internal: new Set(networks.filter(([, network]) => network?.internal === true).map(([name]) => name)),
      policy,
    };
  });
}

/** What the overlay says of a service counts, where it says something; variables are put together. */
function overlaid(name: string, own: ComposeService, below: ComposeFile): ComposeService {
  const extended = (own['extends'] as { readonly service?: string } | undefined)?.service;
  const base = below.services[extended ?? name] ?? {};
  if (own.environment === undefined || base.environment === undefined) return { ...base, ...own };
  return {
    ...base,
    ...own,
    environment: Array.isArray(own.environment) ? own.environment : { ...base.environment, ...own.environment },
  };
}
