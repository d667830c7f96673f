/**
 * Types that reach the program as the text that PostgreSQL prints, by their object identifiers (catalogue `pg_type`).
 * Both drivers are given this list: their own defaults differ from each other, and some lose information.
 */
export const TEXT_TYPES: readonly number[] = [
  20, // int8: not every value fits a number
  1700, // numeric: nor does this one
  1082, // date: a Date of local midnight is another day elsewhere
  1114, // timestamp without time zone: it names no instant
  1186, // interval: months have no length
];

/** Object identifier of `bytea`. */
export const BYTEA = 17;
