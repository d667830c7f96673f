/** A commit of the template. */
export interface TemplateChange {
  readonly commit: string;
  readonly subject: string;
  /** Values of its trailers `Security: …`. */
  readonly security: string;
  readonly paths: readonly string[];
}

/** `type(scope)!: subject` */
const CONVENTIONAL = /^(?<type>[a-z]+)(?:\((?<scope>[^)]*)\))?!?:/;

/** Types that change nothing of what runs. */
const QUIET_TYPES: ReadonlySet<string> = new Set(['docs', 'test', 'style', 'chore', 'refactor']);

/** Where a change of what runs is one of security until somebody has read it. */
const SECURITY_PATHS = [
  /^packages\/(?:auth|secrets|outbound)\/src\//,
  /^packages\/server\/src\/(?:pipeline|route|json|tls)\//,
  /^packages\/logging\/src\/redaction\//,
  /^packages\/storage\/src\/roles\//,
  /^nginx\/(?!.*\.md$)/,
];

/** Whether a change comes first: by its type or scope, by a trailer `Security:`, or by what it touches. */
export function isSecurityChange({ subject, security, paths }: TemplateChange): boolean {
  const { type = '', scope = '' } = CONVENTIONAL.exec(subject)?.groups ?? {};
  if (security !== '' || type === 'security' || scope.split(/,\s*/).includes('security')) return true;
  return !QUIET_TYPES.has(type) && paths.some((path) => SECURITY_PATHS.some((pattern) => pattern.test(path)));
}
