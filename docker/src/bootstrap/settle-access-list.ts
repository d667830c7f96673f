import { services } from '../services.ts';
import { createAccessList } from './access-list.ts';
import { type FoundFiles, foundFirst } from './found-files.ts';
import type { Thing } from './thing.ts';
import type { FileContent } from './volumes.ts';

/** Writes the users of the shared store anew from their passwords: the same passwords give the same text. */
export function settleAccessList(found: FoundFiles, textOf: (content: FileContent) => string): Thing {
  const content = { kind: 'access list' } as const;
  const text = createAccessList({
    services: services.map(({ storeUser, prefix }) => ({
      name: storeUser,
      password: textOf({ kind: 'password', of: `${prefix}shared store` }),
    })),
    healthPassword: textOf({ kind: 'password', of: 'shared store health' }),
  });
  const before = foundFirst(found, content);
  const [title, parts] = ['access list of the shared store', [{ content, text }]];
  if (before === undefined) return { title, change: 'made', parts };
  return { title, change: before === text ? 'kept' : { renewedBecause: 'it said something else' }, parts };
}
