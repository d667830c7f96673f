/** Counts so many distinct callers once, as the limiter does, and says what that holds of the process's memory. */
import process from 'node:process';

import { createMemoryStore, MEMORY_STORE_MAX_KEYS } from '@redoubt/storage';

const WINDOW_MS = 900_000;

const callers = Number(process.argv[2]);
const store = createMemoryStore({ now: Date.now });
const before = heldBytes();
for (let caller = 0; caller < callers; caller += 1)
  await store.increment(`limit:anonymous:ip:2001:db8:${caller >>> 16}:${caller & 0xff_ff}::/64`, WINDOW_MS);
const bytes = heldBytes() - before;
// Until here the store is in use: one that nobody asks any more is collected.
await store.close();
const held = Math.min(callers, MEMORY_STORE_MAX_KEYS);
console.log(JSON.stringify({ callers, held, mebibytes: bytes / 1024 ** 2, bytesPerCaller: bytes / held }));

function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
