import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { platform } from 'node:process';
import { parseSilences, refusal } from './parse-silences.ts';
import { noSilences, type SilenceReading } from './silence.ts';

/** The setting that names the file. */
const SILENCES_SETTING = 'SELF_CHECK_SILENCES_FILE';

/** Room for a silence of every finding, with a long reason each. */
const MAX_FILE_BYTES = 64 * 1024;

/** O_NONBLOCK: opening a named pipe returns at once, to be refused, and does not wait for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | (platform === 'win32' ? 0 : constants.O_NONBLOCK);

/** The right of "others" to write. Windows keeps rights in lists that the mode does not show. */
const OTHERS_WRITE = platform === 'win32' ? 0 : 0o002;

/**
 * Reads the silences of a service, once; none when no file is named. A file or an entry that cannot be used silences
 * nothing and is a finding itself.
 */
export async function readSilences(path: string | undefined, now: () => number): Promise<SilenceReading> {
  if (path === undefined) return noSilences;
  try {
    await using file = await open(path, OPEN_FLAGS);
    return await readFrom(file, now);
  } catch {
    // Absent, or not ours to read: RD-120 tells whoever reads the report. The error's message would quote the path.
    return refusal(SILENCES_SETTING, 'The file cannot be read.');
  }
}

async function readFrom(file: FileHandle, now: () => number): Promise<SilenceReading> {
  const stats = await file.stat();
  if (!stats.isFile()) return refusal(SILENCES_SETTING, 'It is no regular file.');
  if (stats.size > MAX_FILE_BYTES) return refusal(SILENCES_SETTING, 'The file is larger than 64 KiB.');
  // Who may write silences decides what the self-check says.
  if ((stats.mode & OTHERS_WRITE) !== 0) return refusal(SILENCES_SETTING, 'Everybody on the machine can change it.');
  return parseSilences(await file.readFile('utf8'), SILENCES_SETTING, now());
}
