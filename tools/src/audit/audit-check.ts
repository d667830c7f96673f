/** Something that has to be mended, or an exception made for it. */
export interface AuditFinding {
  /** What it is about: `pino@10.4.0`, or the id of an advisory. */
  readonly subject: string;
  readonly message: string;
}

/** One of the checks, after it ran. */
export interface AuditCheck {
  readonly name: 'advisories' | 'signatures' | 'licences';
  /**
   * `unavailable`: the registry in use does not have what the check asks it for. Nothing is known then, which is neither
   * good nor bad news.
   */
  readonly outcome: 'passed' | 'findings' | 'unavailable';
  /** What was looked at, in one sentence without its full stop. */
  readonly summary: string;
  readonly findings: readonly AuditFinding[];
}

/** The check could not be done at all: pnpm is not there, or says something that nobody here understands. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}

/** A check with these findings; without any it has passed. */
export function judged(name: AuditCheck['name'], summary: string, findings: readonly AuditFinding[]): AuditCheck {
  return { name, summary, findings, outcome: findings.length === 0 ? 'passed' : 'findings' };
}

/** A check that the registry does not serve. */
export function unavailable(name: AuditCheck['name'], summary: string): AuditCheck {
  return { name, summary, findings: [], outcome: 'unavailable' };
}
