import { type Reader, malformed, wellFormed } from '../reading.ts';

/**
 * A web origin exactly as browsers send it (RFC 6454, section 6.2): it is compared as text, so that another spelling
 * would never match. A wildcard is no origin in any environment (SR-24).
 */
export const originFormat: Reader = {
  expected: 'an origin as browsers send it: scheme, host and port only, such as https://app.example.com',
  read(text) {
    if (text === 'null' || text.includes('*'))
      return malformed('List each origin; a wildcard is never accepted.', 'RD-008');
    const url = URL.parse(text);
    const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
    return isWeb && url.origin === text ? wellFormed(text) : malformed();
  },
};
