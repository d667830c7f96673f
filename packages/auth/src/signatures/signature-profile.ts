/**
 * What a signed request is (SR-42): RFC 9421 in one closed profile, so that a request has one spelling and every part of
 * it that this service acts on is covered. Why: docs/decisions/016-signed-requests.md.
 */

/** The algorithms, by their names in RFC 9421, section 6.2.2. A key has one of them for its whole life. */
export const SIGNATURE_ALGORITHMS = ['hmac-sha256', 'ed25519'] as const;

/** An algorithm of a signed request. */
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/**
 * What a signature is for (RFC 9421, section 2.3, `tag`): one that was made for a webhook is no service call, even with
 * the same key.
 */
export const SIGNATURE_TAGS = ['service-call', 'webhook'] as const;

/** A purpose of a signature. */
export type SignatureTag = (typeof SIGNATURE_TAGS)[number];

/** The three headers of a signed request (RFC 9421, sections 4.1 and 4.2; RFC 9530, section 2). */
export const SIGNATURE_HEADERS = ['signature-input', 'signature', 'content-digest'] as const;

/** How old a signature may be: 5 minutes (SR-42), for a queue and a slow network between the two sides. */
export const SIGNATURE_WINDOW_SECONDS = 300;

/**
 * How far ahead of ours a caller's clock may be: as for access tokens (SR-6). It is not the window: each second of it
 * is one that a signature can be kept back and used later.
 */
export const SIGNATURE_FUTURE_SECONDS = 30;

/**
 * How long a nonce is remembered (SR-42). A signature can be used for 330 s by one clock; the rest is for replicas whose
 * clocks differ.
 */
export const NONCE_TTL_MS = 600_000;

/** A key's id in settings and in `keyid`. It is a part of a key of the shared store, too. */
export const KEY_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** At least 128 bits, as base64url of 16 bytes or more; a UUID without its hyphens fits as well. */
export const NONCE_PATTERN = /^[A-Za-z0-9_-]{22,64}$/;
