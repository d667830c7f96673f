/** What one computation of argon2id costs (RFC 9106, section 3.1). */
export interface Argon2Parameters {
  /** Memory in KiB; `m` of a PHC string. */
  readonly memoryKib: number;
  /** Passes over the memory; `t` of a PHC string. */
  readonly passes: number;
  /** Lanes; `p` of a PHC string. */
  readonly parallelism: number;
}

/** SR-10, and the OWASP password storage cheat sheet: about 115 ms of one core. */
export const DEFAULT_ARGON2_PARAMETERS: Argon2Parameters = Object.freeze({
  memoryKib: 19_456,
  passes: 2,
  parallelism: 1,
});

/** argon2 needs eight blocks of 1 KiB for each lane (RFC 9106, section 3.1). */
const MIN_MEMORY_KIB_PER_LANE = 8;
/** A stored hash may ask for this much at most: 256 MiB, times the few computations that run at once. */
const MAX_MEMORY_KIB = 262_144;
/** With {@link MAX_WORK_KIB_PASSES} the usual bound is the product; this one only keeps the numbers sane. */
const MAX_PASSES = 16;
/** RFC 9106, section 4, recommends four lanes; more would only occupy more threads. */
const MAX_PARALLELISM = 4;
/** Eight times the default work (KiB × passes): about one second, the longest SR-10 lets a computation take. */
const MAX_WORK_KIB_PASSES = 8 * 19_456 * 2;

/** The smallest memory among the settings that OWASP calls equal (7 MiB, t=5). */
const MIN_NEW_MEMORY_KIB = 7168;
/** The least work among the settings that OWASP calls equal (7168 KiB × 5 passes). */
const MIN_NEW_WORK_KIB_PASSES = 7168 * 5;

/**
 * Answers whether a stored hash may ask for this computation. Weak settings are allowed here, so that an old hash can
 * be verified and replaced; more work than about a second is not, so that a corrupt row cannot stop sign-in.
 */
export function isBoundedWork({ memoryKib, passes, parallelism }: Argon2Parameters): boolean {
  return (
    isIntegerIn(parallelism, 1, MAX_PARALLELISM) &&
    isIntegerIn(passes, 1, MAX_PASSES) &&
    isIntegerIn(memoryKib, MIN_MEMORY_KIB_PER_LANE * parallelism, MAX_MEMORY_KIB) &&
    memoryKib * passes <= MAX_WORK_KIB_PASSES
  );
}

/** Refuses parameters for new hashes that are weaker than SR-10 allows, or dearer. Throws a `RangeError`. */
export function assertArgon2Parameters(parameters: Argon2Parameters): void {
  const strongEnough =
    parameters.memoryKib >= MIN_NEW_MEMORY_KIB && parameters.memoryKib * parameters.passes >= MIN_NEW_WORK_KIB_PASSES;
  if (strongEnough && isBoundedWork(parameters)) return;
  throw new RangeError('argon2 parameters must be at least as strong as 7168 KiB × 5 passes and take under a second');
}

function isIntegerIn(value: number, minimum: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= minimum && value <= maximum;
}
