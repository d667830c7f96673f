/** Who signs what: the edge's own certificate, those of the servers inside, and those of clients. */
export type AuthorityName = 'edge' | 'server' | 'client';

/**
 * Three, so that none vouches for more than it must: a person who trusts the one of the edge trusts no server inside,
 * and a server's key is nobody's way in as a client (SR-28).
 */
export const authorityNames: readonly AuthorityName[] = ['edge', 'server', 'client'];

/** Days that an authority lives, five years: a person puts the one of the edge into a browser by hand. */
export const AUTHORITY_DAYS = 1826;

/**
 * An authority with fewer days left is replaced. More than a leaf lives, so that no leaf outlives the authority that
 * signed it, with a month for a stack that nobody started.
 */
export const AUTHORITY_RENEWAL_DAYS = 120;
