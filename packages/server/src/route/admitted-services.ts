import type { Requirement } from '@redoubt/auth';

/** Whether a rule names services among those it lets in. */
export function admitsServices(requirement: Requirement | undefined): boolean {
  if (requirement?.kind === 'any-of' || requirement?.kind === 'all-of') return requirement.of.some(admitsServices);
  return requirement?.kind === 'service';
}

/** Whether a rule could let a service in: it names some, or decides in a way that only its own code knows. */
export function mayAdmitServices(requirement: Requirement): boolean {
  if (requirement.kind === 'any-of' || requirement.kind === 'all-of') return requirement.of.some(mayAdmitServices);
  return requirement.kind === 'service' || requirement.kind === 'custom';
}
