import type { Fault, PolicyRule } from '../policy-rule.ts';
import { type SecretShape, secretShapes } from './secret-shapes.ts';

/** Names of files that hold keys or settings with secrets, whatever stands in them. */
const KEY_FILES =
  /(?:^|\/)(?:\.env(?:\..+)?|id_(?:rsa|dsa|ecdsa|ed25519)|.+\.(?:pem|key|p12|pfx|jks|keystore|kdbx|age|tfstate))$/;

/** Rules about secrets in tracked files. */
export const secretRules: readonly PolicyRule[] = [
  {
    id: 'P-601',
    title: 'No tracked file holds a key, a token or a password',
    requirement: 'SR-51',
    reason: 'Whoever has a clone has it, for ever: a commit that takes it out leaves it in the history.',
    fix: 'make it in the test, or refer to it; one that was real is revoked first. What only looks like one takes an exception',
    exceptions: 'by-subject',
    check: ({ files }) => files.matching(/^/).flatMap((file) => secretsIn(file, files.text(file))),
  },
  {
    id: 'P-602',
    title: 'No file is tracked whose name is that of a key or of settings with secrets',
    requirement: 'SR-51',
    reason: 'Binary and encrypted formats pass every search for shapes.',
    fix: 'take it out of git and out of the history, and name it in .gitignore',
    check: ({ files }) => files.matching(KEY_FILES).map((file) => ({ file, line: 1, message: 'it is tracked' })),
  },
];

function secretsIn(file: string, text: string): Fault[] {
  return secretShapes.flatMap((shape) => matchesOf(shape, text).map((index) => toFault(file, text, index, shape)));
}

function matchesOf({ pattern, isSecret = () => true }: SecretShape, text: string): number[] {
  return [...text.matchAll(pattern)]
    .filter(({ 0: whole, groups }) => isSecret(groups?.['value'] ?? whole))
    .map(({ index }) => index);
}

/** Never the value: what the policy prints is in the log of CI. */
function toFault(file: string, text: string, index: number, { name }: SecretShape): Fault {
  return {
    file,
    line: text.slice(0, index).split('\n').length,
    subject: name,
    message: `it looks like a secret: ${name}`,
  };
}
