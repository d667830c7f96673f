import { type FileContent, type Volume, volumes } from './volumes.ts';

/** The files that were there: volume, name, content. */
export type FoundFiles = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A place in the table of volumes. */
export interface FilePlace {
  readonly volume: Volume;
  readonly file: string;
  readonly content: FileContent;
}

/** Every file of the table, in the order of writing. */
export const filePlaces: readonly FilePlace[] = volumes.flatMap((volume) =>
  Object.entries(volume.files).map(([file, content]) => ({ volume, file, content })),
);

/** What a file held; `undefined` for one that was not there. */
function foundAt(found: FoundFiles, { volume, file }: FilePlace): string | undefined {
  return found.get(volume.name)?.get(file);
}

/** What the files of a thing held, in the order of the table; `undefined` for each that was not there. */
export function foundCopies(found: FoundFiles, wanted: FileContent): readonly (string | undefined)[] {
  const name = nameOf(wanted);
  return filePlaces.filter(({ content }) => nameOf(content) === name).map((place) => foundAt(found, place));
}

/** What the first file of a thing held: the others are copies of it. */
export function foundFirst(found: FoundFiles, wanted: FileContent): string | undefined {
  return foundCopies(found, wanted)[0];
}

/** The name of a thing: the same in every file that holds it. */
export function nameOf(content: FileContent): string {
  return 'of' in content ? `${content.kind} of ${content.of}` : content.kind;
}
