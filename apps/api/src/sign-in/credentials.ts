/** An address and a password fit in 4 KiB (SR-21); a longer body is refused before it is read. */
export const CREDENTIALS_MAX_BYTES = 4 * 1024;
