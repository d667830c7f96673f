import { Buffer } from 'node:buffer';

/**
 * Decodes standard base64 (RFC 4648, section 4) that encodes back to itself, so that the same bytes have one spelling;
 * `undefined` for any other text. Node's decoder alone takes spaces, a missing end and unused bits.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
