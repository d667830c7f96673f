/** A name as settings begin with it. */
const PEER_NAME = /^[A-Z][A-Z0-9]*$/;

/** @throws {TypeError} for a name that no setting could begin with. */
export function assertPeerName(peer: string): void {
  if (!PEER_NAME.test(peer)) throw new TypeError('a peer has a name of capitals and digits, such as API');
}
