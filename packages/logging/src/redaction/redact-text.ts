import { requestContext } from '../request-context.ts';
import { cutText, neutralizeText } from './bound-text.ts';
import { redactCardNumbers } from './card-numbers.ts';
import { maxScannedUnits, maxTextBytes } from './limits.ts';
import { redactOpaqueTokens } from './opaque-tokens.ts';
import { applyPattern, textPatterns } from './text-patterns.ts';

/** Shorter texts hold none of the shapes that are looked for. */
const minScannedUnits = 5;

/** A text of these characters alone, and shorter than any token, holds none of the shapes either. */
const harmlessText = /^[A-Za-z0-9 _.,/()-]{0,31}$/;

/** A word that announces a token, or the digits of a card number. */
const announcesSecret = /bearer|basic|dpop|eyJ|(?:\d[ -]?){13}/i;

/**
 * A text without the secrets and personal data that can be told by their shape (SR-43): tokens, credentials in URLs,
 * headers, query strings and JSON, private keys, card numbers, e-mail addresses, long random text. Then bounded to
 * 1 KiB, control characters written out (SR-44). Never throws; linear in the text's length, of which 8 KiB are read.
 *
 * What has no shape (a name, a short password in prose) passes: such values are kept out of texts by their key.
 */
export function redactText(text: string): string {
  if (text.length < minScannedUnits || isHarmless(text)) return neutralizeText(text);
  if (text.length <= maxScannedUnits) return cutText(neutralizeText(redactShapes(text)));
  const redacted = redactShapes(text.slice(0, maxScannedUnits));
  return cutText(neutralizeText(withoutEdge(redacted)), 'always');
}

function isHarmless(text: string): boolean {
  return harmlessText.test(text) && !announcesSecret.test(text);
}

function redactShapes(text: string): string {
  const withoutShapes = textPatterns.reduce(applyPattern, text);
  return redactOpaqueTokens(redactCardNumbers(withoutShapes), requestContext.get()?.requestId);
}

/**
 * Where redaction shortened the scanned part so far that its end would be written, the last word may be half a secret
 * that no pattern could tell: it goes.
 */
function withoutEdge(text: string): string {
  if (text.length > maxTextBytes) return text;
  const lastSpace = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n'), text.lastIndexOf('\t'));
  return text.slice(0, lastSpace + 1);
}
