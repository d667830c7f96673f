import { createHash } from 'node:crypto';

import type { EmailAddress } from '../users/email-address.ts';

/** 48 bits: enough to tell a few thousand accounts apart, and too few to be sure of a guessed address. */
const HEX_DIGITS = 12;

/**
 * What stands for an address in events: the same for the same address on every replica, whether it has an account or
 * not, so that detections can count. Events hold no addresses (SR-43).
 */
export function accountPseudonym(email: EmailAddress): string {
  return createHash('sha256').update(`security event account ${email}`).digest('hex').slice(0, HEX_DIGITS);
}
