import type { Secret, SecretReference } from '@redoubt/secrets';
import type { Finding } from '../finding.ts';
import type { SampleValues } from '../sample-values/sample-values.ts';
import { type CheckResult, NotCheckedError, type SelfCheck } from '../self-check.ts';
import { judgeAge, judgeSecret, judgeSharing } from './judge-secret.ts';
import type { SecretReader } from './read-secret-documents.ts';
import type { HeldSecret, SecretKind, SecretOutcome } from './secret-outcome.ts';

/** One secret of a service. */
export type SecretUse = {
  /** The setting that refers to it. */
  readonly setting: string;
  /** Absent: the setting is optional and not set, and there is nothing to check. */
  readonly reference: SecretReference | undefined;
  /** Absent: its age does not matter. */
  readonly maxAgeDays?: number;
} & (
  | { readonly kind: Exclude<SecretKind, 'private key'> }
  | {
      readonly kind: 'private key';
      /** Throws or rejects for material that its use would not take; what it throws goes nowhere. */
      readonly parse: (material: Secret) => unknown;
    }
);

/** What the checks of secrets need. */
export interface SecretCheckContext {
  readonly read: SecretReader;
  /** Loads what secrets are compared with; called once, and only to check. A rejection is a finding (RD-049). */
  readonly loadSampleValues: () => Promise<SampleValues>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A use whose setting is set, with what came of reading it; read once, by whichever check asks first. */
interface ReadUse {
  readonly use: SecretUse;
  readonly outcome: () => Promise<SecretOutcome>;
}

/**
 * The checks of a service's secrets: each by itself, each for its age, all against the sample values, and all against
 * each other (SR-51, SR-52).
 */
export function secretChecks(uses: readonly SecretUse[], context: SecretCheckContext): readonly SelfCheck[] {
  const readUses = uses.flatMap((use) => readUse(use, context.read));
  const guarded = readUses.filter(({ use }) => use.kind !== 'user name');
  return [
    ...readUses.map(strengthCheck),
    ...readUses.flatMap((secret) => ageCheck(secret, context.now)),
    { area: 'secrets', name: 'no secret is a sample', run: () => judgeSamples(guarded, context.loadSampleValues) },
    { area: 'secrets', name: 'no secret has two uses', run: () => overAll(guarded, judgeSharing) },
  ];
}

function readUse(use: SecretUse, read: SecretReader): readonly ReadUse[] {
  const { reference } = use;
  if (reference === undefined) return [];
  let pending: Promise<SecretOutcome> | undefined;
  return [{ use, outcome: () => (pending ??= readAndParse(use, reference, read)) }];
}

async function readAndParse(use: SecretUse, reference: SecretReference, read: SecretReader): Promise<SecretOutcome> {
  const outcome = await read(reference);
  if ('error' in outcome || use.kind !== 'private key') return outcome;
  try {
    await use.parse(outcome.material);
    return outcome;
  } catch {
    // RD-044 tells; a parser's error may quote the key.
    return { ...outcome, form: 'unusable' };
  }
}

function strengthCheck({ use, outcome }: ReadUse): SelfCheck {
  const { setting, kind } = use;
  return {
    area: 'secrets',
    name: `the ${kind} of ${setting}`,
    run: async () => judgeSecret(setting, kind, await outcome()),
  };
}

function ageCheck({ use, outcome }: ReadUse, now: () => number): readonly SelfCheck[] {
  const { setting, maxAgeDays } = use;
  if (maxAgeDays === undefined) return [];
  const run = async (): Promise<readonly Finding[]> => {
    const secret = await outcome();
    if ('error' in secret) throw new NotCheckedError('The secret could not be read.');
    if (secret.createdAtMs === undefined && secret.tenure === 'kept')
      throw new NotCheckedError('Its source does not tell since when it holds.');
    return judgeAge(setting, maxAgeDays, secret, now());
  };
  return [{ area: 'secrets', name: `the age of ${setting}`, run }];
}

async function judgeSamples(
  secrets: readonly ReadUse[],
  loadSampleValues: () => Promise<SampleValues>,
): Promise<CheckResult> {
  let samples: SampleValues;
  try {
    samples = await loadSampleValues();
  } catch {
    // Whoever reads the report notices: RD-049. Without the list, no secret passes for none of it.
    return [{ id: 'RD-049', subject: 'sample-values.bin', seen: 'It is missing, or is no list of sample values.' }];
  }
  return overAll(secrets, (held) =>
    [...held].flatMap(([setting, { material }]) =>
      samples.isSampleValue(material)
        ? [{ id: 'RD-045', subject: setting, seen: 'The same value stands in a file of the repository.' }]
        : [],
    ),
  );
}

/** Judges all secrets that could be read; whether the others would pass is not known. */
async function overAll(
  secrets: readonly ReadUse[],
  judge: (held: ReadonlyMap<string, HeldSecret>) => readonly Finding[],
): Promise<CheckResult> {
  const held = new Map<string, HeldSecret>();
  const unknown: string[] = [];
  for (const { use, outcome } of secrets) {
    const secret = await outcome();
    if ('error' in secret) unknown.push(use.setting);
    else held.set(use.setting, secret);
  }
  return { findings: judge(held), unknown };
}
