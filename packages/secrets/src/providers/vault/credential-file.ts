import { SecretError } from '../../secret-error.ts';
import { Secret } from '../../secret.ts';
import { FileProvider } from '../file-provider.ts';
import { VaultFault } from './vault-fault.ts';

/**
 * Reads what the service proves itself with, anew each time: Kubernetes and workload identities replace such files.
 *
 * @throws {VaultFault} `sign-in-failed`, whose cause says what is wrong with the file, and nothing of what is in it.
 */
export async function readCredential(
  path: string,
  readers: 'owner and group' | 'anybody',
  signal: AbortSignal,
): Promise<Secret> {
  try {
    const { text } = await new FileProvider(readers).read({ scheme: 'file', path }, { signal });
    return Secret.of(text.trim());
  } catch (error) {
    if (error instanceof SecretError && error.isTransient) throw new VaultFault(error.code, { cause: error });
    throw new VaultFault('sign-in-failed', { cause: error });
  }
}
