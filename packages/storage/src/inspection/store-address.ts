/** What an address of a shared store says of the way to it. */
export interface StoreRoute {
  /** Whether the way leaves this machine. */
  readonly isOverNetwork: boolean;
  readonly isEncrypted: boolean;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;
const ENCRYPTED = /^(?:rediss|valkeys):$/;

/** Reads the way to a store off its address; a host name other than `localhost` may be anywhere. */
export function routeOf(address: string): StoreRoute {
  const url = new URL(address);
  return { isOverNetwork: !LOOPBACK.test(url.hostname), isEncrypted: ENCRYPTED.test(url.protocol) };
}
