import { type Reader, malformed, wellFormed } from '../reading.ts';

const PASSWORD_ADVICE = 'Take the password out; a password is a setting of its own, and a secret reference.';

/** An absolute URL with a host, in one of the protocols (`https:`), without a password or surrounding spaces. */
export function urlFormat(protocols: readonly string[]): Reader {
  return {
    expected: `an absolute URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    read(text) {
      const url = URL.parse(text);
      if (url === null || url.host === '' || !protocols.includes(url.protocol) || /\s/.test(text)) return malformed();
      if (url.password !== '' || url.searchParams.has('password')) return malformed(PASSWORD_ADVICE, 'RD-018');
      return wellFormed(text);
    },
  };
}
