/**
 * Ways that fingers go over a keyboard, and alphabets: QWERTY, its shifted digits, the rows of QWERTZ and AZERTY, and
 * columns as they are typed in turn.
 */
const paths = [
  'abcdefghijklmnopqrstuvwxyz',
  '`1234567890-=',
  '!@#$%^&*()_+',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  '1qazxsw23edcvfr45tgbnhy67ujm',
  'qazwsxedcrfvtgbyhnujmikolp',
  'zaqxswcdevfrbgtnhymju',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1a2s3d4f5g6h7j8k9l',
  'a1b2c3d4e5f6g7h8i9',
];

/** Both ways, one path after the other; the gap is longer than any run that crosses it could be. */
const forwards = paths.join('\n\n');
const backwards = Array.from(forwards).toReversed().join('');

/** Fewer characters than this are no run but a coincidence. */
const MIN_RUN = 4;

/**
 * The length of the run along a keyboard or an alphabet that begins at `start`, in characters; 0 when none does. Bounded
 * by the longest path, 40 characters.
 */
export function keyboardRunAt(characters: readonly string[], start: number): number {
  let run = '';
  for (let end = start; end < characters.length; end += 1) {
    const longer = run + characters[end];
    if (!forwards.includes(longer) && !backwards.includes(longer)) break;
    run = longer;
  }
  const length = Array.from(run).length;
  return length >= MIN_RUN && !run.includes('\n') ? length : 0;
}
