import { createHash } from 'node:crypto';

import { createPasswordHasher, type PasswordHasher } from '@redoubt/auth';

/** A password hasher that counts its computations, each of which takes no time. */
export interface CountedHasher {
  readonly passwordHasher: PasswordHasher;
  /** Computations since the last time it was asked. */
  takeCount(): number;
}

/** Makes a hasher whose computation is quick, for tests of many attempts; everything around it is the real one. */
export function createCountedHasher(): CountedHasher {
  let count = 0;
  const passwordHasher = createPasswordHasher({
    derive: ({ password, salt }) => {
      count += 1;
      return Promise.resolve(createHash('sha256').update(salt).update(password).digest());
    },
  });
  return {
    passwordHasher,
    takeCount() {
      const taken = count;
      count = 0;
      return taken;
    },
  };
}
