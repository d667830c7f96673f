import type { NodeEnvironment } from '../define-settings.ts';
import type { Finding } from './finding.ts';
import {
  type CheckName,
  inOrder,
  reportedFinding,
  type SelfCheckReport,
  type UnmadeCheck,
} from './report/self-check-report.ts';
import { type CheckResult, NotCheckedError, type SelfCheck } from './self-check.ts';
import { noSilences, type SilenceReading } from './silences/silence.ts';
import { applySilences } from './silences/apply-silences.ts';

/** Longest wait for one check: 15 s, for a server that is connected to over a slow network and asked a few things. */
const CHECK_TIMEOUT_MS = 15_000;

/** What `runSelfCheck` needs. */
export interface SelfCheckOptions {
  readonly checks: readonly SelfCheck[];
  /** What `readSilences` gave; absent: nothing is silenced. */
  readonly silences?: SilenceReading;
  readonly mode: NodeEnvironment;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Longest wait for one check, in milliseconds. */
  readonly checkTimeoutMs?: number;
}

/** What came of one check. */
interface Outcome {
  readonly name: CheckName;
  readonly findings: readonly Finding[];
  /** Why it could not look, or not at everything; undefined: it did. */
  readonly reason: string | undefined;
}

/**
 * Makes all checks, side by side, and weighs what they find. A check that fails or takes too long is reported as not
 * checked: it is no finding, and has not passed.
 *
 * @throws {TypeError} for a finding whose number the catalogue does not have.
 */
export async function runSelfCheck(options: SelfCheckOptions): Promise<SelfCheckReport> {
  const { checks, silences = noSilences, mode, now, checkTimeoutMs = CHECK_TIMEOUT_MS } = options;
  const outcomes = await Promise.all(checks.map((check) => outcomeOf(check, checkTimeoutMs)));
  const notChecked = outcomes.flatMap(unmadeCheck);
  const found = [...outcomes.flatMap(({ findings }) => findings), ...silences.findings];
  const reported = found.map((finding) => reportedFinding(finding, mode));
  const { findings, silenced, idle } = applySilences(reported, silences.silences, notChecked);
  return {
    mode,
    checkedAtMs: now(),
    findings: inOrder([...findings, ...idle.map((finding) => reportedFinding(finding, mode))]),
    silenced: inOrder(silenced),
    passed: outcomes.flatMap(passedCheck),
    notChecked,
  };
}

async function outcomeOf(check: SelfCheck, timeoutMs: number): Promise<Outcome> {
  const name = { area: check.area, name: check.name };
  const controller = new AbortController();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  // Not AbortSignal.timeout: its timer would let a process end that has nothing else to wait for.
  const timer = setTimeout(() => {
    const error = new NotCheckedError('It took too long.');
    controller.abort(error);
    reject(error);
  }, timeoutMs);
  try {
    return outcomeOfResult(name, await Promise.race([check.run(controller.signal), tooLate]));
  } catch (error) {
    // Whoever reads the report notices: a check that failed is listed as not made.
    return { name, findings: [], reason: reasonOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

function outcomeOfResult(name: CheckName, result: CheckResult): Outcome {
  if (!('findings' in result)) return { name, findings: result, reason: undefined };
  const { findings, unknown } = result;
  return { name, findings, reason: unknown.length === 0 ? undefined : `Not known: ${unknown.join(', ')}.` };
}

/** Messages of errors that are not ours may quote addresses and values: their class and code say enough. */
function reasonOf(error: unknown): string {
  if (error instanceof NotCheckedError) return error.message;
  if (!(error instanceof Error)) return 'The check failed.';
  const code = 'code' in error && /^[\w-]{1,40}$/.test(String(error.code)) ? ` ${String(error.code)}` : '';
  return `The check failed: ${error.name}${code}.`;
}

function unmadeCheck({ name, reason }: Outcome): readonly UnmadeCheck[] {
  return reason === undefined ? [] : [{ ...name, reason }];
}

function passedCheck({ name, findings, reason }: Outcome): readonly CheckName[] {
  return reason === undefined && findings.length === 0 ? [name] : [];
}
