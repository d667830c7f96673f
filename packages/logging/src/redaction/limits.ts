/** What stands in place of a value that must not be written. */
export const redactedMark = '[redacted]';

/** Ends a text that was cut, and stands for what exceeded a limit. */
export const cutMark = '[cut]';

/** SR-44. Bytes of UTF-8, mark included, before JSON escaping: enough for any message of our own code. */
export const maxTextBytes = 1_024;

/**
 * UTF-16 units of a text that are searched for secrets; the rest is dropped unread. Eight times what can be written,
 * so that a secret which ends behind the cut is still seen whole, and a text of 1 MB costs what one of 8 KiB costs.
 */
export const maxScannedUnits = 8_192;

/** Levels of nesting: our own records have three or four; deeper structures come from clients. */
export const maxDepth = 8;

/** Keys of one object that are written. */
export const maxKeys = 64;

/** Items of one array, map or set that are written. */
export const maxItems = 64;

/** Objects visited for one line: bounds the time that a wide and deep structure can take. */
export const maxObjects = 256;

/** UTF-16 units of text in one line: Docker and containerd split lines longer than 16 KiB. */
export const maxLineUnits = 12_288;
