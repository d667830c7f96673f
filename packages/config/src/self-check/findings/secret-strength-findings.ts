import type { FindingId, FindingKind } from '../finding.ts';

/** A secret that can be guessed, or stays too long: production does not start, development is told. */
const weak = { area: 'secrets', severity: 'error', silencing: 'allowed' } as const;

/** What can be wrong with a secret that was read: RD-040 to RD-049 (SR-51, SR-52). */
export const secretStrengthFindings = {
  'RD-040': {
    ...weak,
    title: 'A key is shorter than 32 bytes',
    risk: 'A symmetric key is as strong as it is long. Below 256 bits it is the part of the design that can be searched.',
    remedy: 'Make one of 48 random bytes, which are 64 characters: openssl rand -base64 48.',
    source: 'SR-51, SR-58',
  },
  'RD-041': {
    ...weak,
    title: 'A secret has fewer than 5 distinct characters',
    risk: 'It is a repeated key of the keyboard, and the first thing that is tried.',
    remedy: 'Make a random one: openssl rand -base64 48.',
    source: 'SR-51',
  },
  'RD-042': {
    ...weak,
    title: 'A password of our own server is shorter than 32 bytes',
    risk: 'No person types it, so nothing is gained by a short one. Whoever captures one exchange with the server can try passwords against it without asking the server.',
    remedy: 'Make a random one, openssl rand -base64 48, set it at the server and store it at its place.',
    source: 'SR-51',
  },
  'RD-043': {
    ...weak,
    severity: 'warning',
    title: "A password of another's server is shorter than 16 bytes",
    risk: 'The server is reached by others as well, who can try passwords there.',
    remedy: 'Set the longest random password that the provider takes.',
    source: 'SR-51',
  },
  'RD-044': {
    ...weak,
    severityInDevelopment: 'error',
    silencing: 'refused',
    title: 'A private key is not of the form that its use takes',
    risk: 'A key of another kind is refused when it is first used, in the middle of a request, or signs with an algorithm that nobody expects.',
    remedy: 'Store a key as the setting describes it: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256.',
    source: 'SR-3, SR-51',
  },
  'RD-045': {
    ...weak,
    silencing: 'refused',
    title: 'A secret is a sample',
    risk: 'The same value stands in a file of the repository. Everybody who ever read the repository knows it, and scanners try it first.',
    remedy:
      'Make a new one: openssl rand -base64 48 for a password, openssl genpkey for a key. A secret never stands in a file of the repository, a test or an example.',
    source: 'SR-51, SR-53',
  },
  'RD-046': {
    ...weak,
    title: 'Two settings have the same secret',
    risk: 'Who learns the one has the other: a leaked password of the mail server opens the database.',
    remedy: 'Give each its own.',
    source: 'SR-51',
  },
  'RD-047': {
    ...weak,
    severity: 'warning',
    title: 'A secret is older than its limit',
    risk: 'What leaked long ago still works, and a rotation that nobody has practised fails on the day it is needed.',
    remedy:
      'Rotate it; the service takes the new one up without a restart. Limits: signing keys 90 days, passwords of the database 30 days, TLS keys 90 days.',
    source: 'SR-52',
  },
  'RD-048': {
    ...weak,
    title: 'A long-lived credential is in the environment',
    risk: 'It opens the secret manager or the database for as long as nobody replaces it, from anywhere, for whoever reads the environment of the process.',
    remedy:
      'Remove the variable. Let the machine give the service its identity: an instance or task role, a workload identity, a Kubernetes service account.',
    source: 'SR-51, SR-70',
  },
  'RD-049': {
    ...weak,
    title: 'The list of sample values is missing',
    risk: 'No secret can be compared with what stands in the repository, and a sample would go unnoticed.',
    remedy: 'Build with pnpm build, and ship dist/sample-values.bin beside dist/main.js.',
    source: 'SR-51',
  },
} as const satisfies Record<FindingId, FindingKind>;
