import { isIP } from 'node:net';
import { type Reader, malformed, wellFormed } from '../reading.ts';

/** RFC 1123, section 2.1: labels of 1 to 63 letters, digits and inner dashes. */
const HOST_NAME = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i;

/** RFC 1035, section 2.3.4, less the two bytes that the wire format needs. */
const MAX_HOST_NAME_CHARACTERS = 253;

/** An IP address, or a host name; a name whose last label is a number is an address written wrong. */
export const hostFormat: Reader = {
  expected: 'an IP address or a host name, such as 127.0.0.1 or api.internal',
  read(text) {
    if (isIP(text) !== 0) return text.includes('%') ? malformed('Leave the zone out.') : wellFormed(text);
    const isName = text.length <= MAX_HOST_NAME_CHARACTERS && HOST_NAME.test(text) && !/(?:^|\.)\d+$/.test(text);
    return isName ? wellFormed(text) : malformed();
  },
};
