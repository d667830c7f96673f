import { redactedMark } from './limits.ts';

/** The alphabets of base64, base64url, hexadecimal and percent-encoding: 32 characters carry at least 128 bits. */
const longRun = /[A-Za-z0-9+/_%~-]{32,}={0,2}/g;

const minUnits = 32;

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Words and numbers joined by dashes or underscores are names and dates, not random text. */
const wordOrNumber = /^(?:[A-Za-z]*|\d*)$/;

/** Distinct characters: 32 random hexadecimal digits show 13 or 14, a repeated filler one or two. */
const minDistinct = 8;

/** Random base64 without a digit still mixes the cases; camelCase has a capital in six or more letters. */
const minCapitalShare = 0.25;

/** Random base64 changes between capitals, small letters, digits and signs at 0.64 of its steps, a path at 0.3. */
const minChangeShare = 0.4;

/**
 * Replaces long random text: API keys, opaque tokens, digests, base64 and hexadecimal forms of anything (SR-43).
 * UUIDs, paths, kebab-case and camelCase names and the texts in `kept` stay.
 */
export function redactOpaqueTokens(text: string, kept?: string): string {
  return text.replace(longRun, (run) => (run === kept || !isOpaque(run) ? run : redactedMark));
}

function isOpaque(run: string): boolean {
  const rest = run.replace(uuid, '');
  if (rest.length < minUnits) return false;
  if (!rest.includes('/')) return isRandom(rest);
  return changesOften(rest) || rest.split('/').some((segment) => segment.length >= minUnits && isRandom(segment));
}

function isRandom(run: string): boolean {
  if (new Set(run).size < minDistinct) return false;
  if (run.split(/[_-]/).every((piece) => wordOrNumber.test(piece)) && /[_-]/.test(run)) return mixesCases(run);
  return count(run, /\d/g) >= 2 || mixesCases(run);
}

function mixesCases(run: string): boolean {
  const capitals = count(run, /[A-Z]/g);
  const smalls = count(run, /[a-z]/g);
  return capitals >= run.length * minCapitalShare && smalls >= run.length * minCapitalShare;
}

function changesOften(run: string): boolean {
  if (!/\d/.test(run) || !/[A-Z]/.test(run)) return false;
  const stretches = count(run, /[A-Z]+|[a-z]+|\d+|[^A-Za-z0-9]+/g);
  return stretches - 1 >= (run.length - 1) * minChangeShare;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
