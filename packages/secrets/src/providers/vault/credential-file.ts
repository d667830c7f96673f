import { Secret } from '../../secret.ts';
import { FileProvider } from '../file-provider.ts';
import { VaultFault } from './vault-fault.ts';

/**
 * Reads what the service proves itself with, anew each time: Kubernetes and workload identities replace such files.
 *
 * @throws {VaultFault} `sign-in-failed`, whose cause says what is wrong with the file, and nothing of what is in it.
 */
export async function readCredential(path: string, readers: 'owner and group' | 'anybody'): Promise<Secret> {
  try {
    const { text } = await new FileProvider(readers).read({ scheme: 'file', path });
    return Secret.of(text.trim());
  } catch (error) {
    throw new VaultFault('sign-in-failed', { cause: error });
  }
}
