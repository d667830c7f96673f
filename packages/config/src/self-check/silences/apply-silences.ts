import { kindOf } from '../catalogue.ts';
import type { Finding } from '../finding.ts';
import type { CheckName, ReportedFinding, SilencedFinding } from '../report/self-check-report.ts';
import type { Silence } from './silence.ts';

/** What silences leave of the findings. */
interface AppliedSilences {
  readonly findings: readonly ReportedFinding[];
  readonly silenced: readonly SilencedFinding[];
  /** A finding for each silence of nothing. */
  readonly idle: readonly Finding[];
}

/** Tells silenced findings from the others. What its kind refuses to have silenced stays, whoever made the silence. */
export function applySilences(
  reported: readonly ReportedFinding[],
  silences: readonly Silence[],
  notChecked: readonly CheckName[],
): AppliedSilences {
  const findings: ReportedFinding[] = [];
  const silenced: SilencedFinding[] = [];
  const used = new Set<Silence>();
  for (const finding of reported) {
    const silence = silences.find((candidate) => covers(candidate, finding));
    if (silence === undefined) {
      findings.push(finding);
    } else {
      silenced.push({ ...finding, reason: silence.reason, until: silence.until });
      used.add(silence);
    }
  }
  const idle = silences.filter((silence) => !used.has(silence) && isDecided(silence, notChecked));
  return { findings, silenced, idle: idle.map(idleSilence) };
}

function covers({ id, subject }: Silence, finding: ReportedFinding): boolean {
  const isMeant = id === finding.id && (subject === undefined || subject === finding.subject);
  return isMeant && kindOf(id).silencing === 'allowed';
}

/** While a check of its area could not look, what a silence is of may be there. */
function isDecided({ id }: Silence, notChecked: readonly CheckName[]): boolean {
  return notChecked.every(({ area }) => area !== kindOf(id).area);
}

function idleSilence({ id, place }: Silence): Finding {
  return { id: 'RD-128', subject: place, seen: `Nothing that was found is ${id}, or has the subject that is named.` };
}
