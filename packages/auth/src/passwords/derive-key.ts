import type { Buffer } from 'node:buffer';
import { argon2 } from 'node:crypto';

import type { Argon2Parameters } from './argon2-parameters.ts';

/** One computation of argon2id. */
export interface DeriveKeyInput {
  /** Taken as its UTF-8 bytes, all of them. */
  readonly password: string;
  readonly salt: Buffer;
  readonly tagBytes: number;
  readonly parameters: Argon2Parameters;
}

/** Computes the tag of a password. */
export type DeriveKey = (input: DeriveKeyInput) => Promise<Buffer>;

/** argon2id by Node itself, on a thread of libuv's pool: no addon, and the event loop stays free (SR-10). */
export const deriveKey: DeriveKey = ({ password, salt, tagBytes, parameters }) =>
  new Promise((resolve, reject) => {
    const { memoryKib: memory, passes, parallelism } = parameters;
    const input = { message: password, nonce: salt, tagLength: tagBytes, memory, passes, parallelism };
    argon2('argon2id', input, (error, tag) => {
      if (error === null) resolve(tag);
      else reject(error);
    });
  });
