/** For what another process's load may delay: vitest asks for a second. */
export const PATIENT = { timeout: 10_000 } as const;
