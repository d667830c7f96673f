import { nameOf } from './found-files.ts';
import type { CompleteFiles, SettledCertificate } from './complete-files.ts';
import type { Thing } from './thing.ts';
import type { FileReader, Volume } from './volumes.ts';

/** What became of a volume: names of files, no values. */
export interface VolumeOutcome {
  readonly volume: Volume;
  /** What was there. */
  readonly before: readonly string[];
  readonly written: readonly string[];
}

/**
 * The lines that tell a person what happened: one for each thing that was made or renewed, one for each copy that was
 * put back, how many files stayed, which certificate is whose (`docker/renew.sh` reads these), and which services have to
 * be told.
 */
export function describeRun(
  { things, certificates }: Pick<CompleteFiles, 'things' | 'certificates'>,
  outcomes: readonly VolumeOutcome[],
): readonly string[] {
  const kept = outcomes.reduce(
    (sum, { volume, written }) => sum + Object.keys(volume.files).length - written.length,
    0,
  );
  return [
    ...things.flatMap(describeThing),
    ...outcomes.flatMap((outcome) => describeCopies(things, outcome)),
    `kept ${kept} files`,
    ...certificates.map(describeCertificate),
    ...describeReaders(outcomes),
  ];
}

function describeThing({ title, change }: Thing): readonly string[] {
  if (change === 'kept') return [];
  return change === 'made' ? [`made ${title}`] : [`renewed ${title}: ${change.renewedBecause}`];
}

/** Files of things that were kept, and are written all the same: the thing's own line says it of the others. */
function describeCopies(things: readonly Thing[], { volume, before, written }: VolumeOutcome): readonly string[] {
  const changed = new Set(
    things
      .filter(({ change }) => change !== 'kept')
      .flatMap(({ parts }) => parts.map(({ content }) => nameOf(content))),
  );
  return Object.entries(volume.files)
    .filter(([file, content]) => written.includes(file) && !changed.has(nameOf(content)))
    .map(
      ([file]) => `restored ${volume.name}/${file}: it ${before.includes(file) ? 'held something else' : 'was absent'}`,
    );
}

function describeCertificate({ name, certificate }: SettledCertificate): string {
  return `certificate of ${name}: serial ${certificate.serialNumber}, until ${certificate.validToDate.toISOString()}`;
}

/** How a service gets to see what it reads at its start only. */
const tellers = {
  reload: 'docker/renew.sh has them read again, or a restart',
  restart: 'a restart has them read again',
} as const;

function describeReaders(outcomes: readonly VolumeOutcome[]): readonly string[] {
  const readers = outcomes
    // A service whose volume was empty has not started yet.
    .filter(({ before }) => before.length > 0)
    .flatMap(({ volume, written }) =>
      volume.reader?.files.some((file) => written.includes(file)) === true ? [volume.reader] : [],
    );
  return Object.entries(Object.groupBy(readers, ({ by }) => by)).map(
    ([by, of]) => `new files for ${of.map(({ service }) => service).join(', ')}: ${tellers[by as FileReader['by']]}`,
  );
}
