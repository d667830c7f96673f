import { createHash } from 'node:crypto';

import { clientNetwork } from '@redoubt/auth';
import type { SecurityEventDetails } from '@redoubt/logging';

import type { DetectionRule, SignalName } from './detection-rules.ts';

/** Something that rules count: a security event, or what is told like one. */
export interface Signal {
  readonly name: SignalName;
  readonly actorId?: string;
  readonly subjectId?: string;
  readonly clientAddress?: string;
  readonly requestId?: string;
  readonly details?: SecurityEventDetails;
}

/** With whom a signal is counted; `undefined` when it does not say, and cannot be counted by the rule. */
export function keyOf({ name, per }: DetectionRule, signal: Signal): string | undefined {
  const whom = whomOf(per, signal);
  return whom === undefined ? undefined : `detection:${name}:${digestOf(whom)}`;
}

/** The account that a signal is about, as a part of a key. */
export function accountKeyOf(signal: Signal): string {
  return digestOf(accountOf(signal) ?? '');
}

function whomOf(per: DetectionRule['per'], signal: Signal): string | undefined {
  const network = signal.clientAddress === undefined ? undefined : clientNetwork(signal.clientAddress);
  switch (per) {
    case 'account':
      return accountOf(signal);
    case 'actor':
      return signal.actorId ?? network;
    case 'address':
      return network;
    case 'subject':
      return signal.subjectId ?? signal.actorId;
  }
}

/** The pseudonym where there is one: it stands for addresses without an account, too. */
function accountOf({ details, subjectId, actorId }: Signal): string | undefined {
  const pseudonym = details?.['account'];
  return typeof pseudonym === 'string' ? pseudonym : (subjectId ?? actorId);
}

/** Names from outside can be long; a key is short. 128 bits: nobody finds two names with one key. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
