import { nameOf } from './found-files.ts';
import type { Thing } from './thing.ts';
import type { Volume } from './volumes.ts';

/** What became of a volume: names of files, no values. */
export interface VolumeOutcome {
  readonly volume: Volume;
  /** What was there. */
  readonly before: readonly string[];
  readonly written: readonly string[];
}

/**
 * The lines that tell a person what happened: one for each thing that was made or renewed, one for each copy that was
 * put back, how many files stayed, and which services must start again to see theirs.
 */
export function describeRun(things: readonly Thing[], outcomes: readonly VolumeOutcome[]): readonly string[] {
  const kept = outcomes.reduce(
    (sum, { volume, written }) => sum + Object.keys(volume.files).length - written.length,
    0,
  );
  return [
    ...things.flatMap(describeThing),
    ...outcomes.flatMap((outcome) => describeCopies(things, outcome)),
    `kept ${kept} files`,
    ...describeRestarts(outcomes),
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

function describeRestarts(outcomes: readonly VolumeOutcome[]): readonly string[] {
  const services = outcomes
    // A service whose volume was empty has not started yet.
    .filter(({ before, written }) => before.length > 0 && written.length > 0)
    .flatMap(({ volume }) => volume.restarts ?? []);
  return services.length === 0 ? [] : [`restart ${services.join(', ')}: files are read there at the start only`];
}
