import { type DecisiveFileFault, readDecisiveFile } from '../../decisive-file.ts';
import { parseSilences, refusal } from './parse-silences.ts';
import { noSilences, type SilenceReading } from './silence.ts';

/** The setting that names the file. */
const SILENCES_SETTING = 'SELF_CHECK_SILENCES_FILE';

/** Room for a silence of every finding, with a long reason each. */
const MAX_FILE_BYTES = 64 * 1024;

/** What the report says of a file that is not taken. */
const SEEN: Readonly<Record<DecisiveFileFault, string>> = {
  unreadable: 'The file cannot be read.',
  'no regular file': 'It is no regular file.',
  'too large': 'The file is larger than 64 KiB.',
  'writable by everybody': 'Everybody on the machine can change it.',
};

/**
 * Reads the silences of a service, once; none when no file is named. A file or an entry that cannot be used silences
 * nothing and is a finding itself.
 */
export async function readSilences(path: string | undefined, now: () => number): Promise<SilenceReading> {
  if (path === undefined) return noSilences;
  const reading = await readDecisiveFile(path, MAX_FILE_BYTES);
  if ('fault' in reading) return refusal(SILENCES_SETTING, SEEN[reading.fault]);
  return parseSilences(reading.bytes.toString('utf8'), SILENCES_SETTING, now());
}
