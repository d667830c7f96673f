import { redactedMark } from './limits.ts';

/** ISO/IEC 7812: 13 (old Visa) to 19 digits. */
const minDigits = 13;
const maxDigits = 19;

/**
 * A UUID, which stays, or thirteen or more digits with single spaces or dashes between them. Every run is consumed
 * once, so the time is linear.
 */
const digitRun = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d(?:[ -]?\d){12,}/gi;

const hexadecimalLetter = /[a-f]/i;

/** No payment network issues numbers that begin with 0 or 1; times in milliseconds since 1970 begin with 1 until 2033. */
const issuedFirstDigits = /^[2-9]/;

/**
 * Replaces what is shaped like a payment card number (SR-43): 13 to 19 digits, spaces and dashes allowed, a first
 * digit that a network uses, a correct check digit. A number is also found behind other digits, at a group's start.
 */
export function redactCardNumbers(text: string): string {
  return text.replace(digitRun, redactRun);
}

/** Whether the digits, with nothing between them, are shaped like a card number. */
export function isCardNumber(digits: string): boolean {
  if (digits.length < minDigits || digits.length > maxDigits || !issuedFirstDigits.test(digits)) return false;
  return luhnSum(digits) % 10 === 0;
}

function redactRun(run: string): string {
  if (hexadecimalLetter.test(run)) return run;
  const groups = run.split(/([ -])/);
  let written = '';
  for (let start = 0; start < groups.length;) {
    const end = cardEnd(groups, start);
    written += end === start ? (groups[start] ?? '') : redactedMark;
    start = end === start ? start + 1 : end;
  }
  return written;
}

/** The index behind the longest card number that begins with this group, or `start` when none does. */
function cardEnd(groups: readonly string[], start: number): number {
  let digits = '';
  let end = start;
  for (let index = start; index < groups.length && digits.length <= maxDigits; index += 2) {
    digits += groups[index] ?? '';
    if (isCardNumber(digits)) end = index + 1;
  }
  return end;
}

/** ISO/IEC 7812-1, annex B: every second digit from the right is doubled, the digits of the products are added. */
function luhnSum(digits: string): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const weighted = index % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum;
}
