/** Names of the stack, of volumes and of networks. */
const STACK =
  'api app authority bootstrap data edge local localhost mail migrate postgres roles served-certificates valkey';

/** Files and folders of a service, and what the templates are called. */
const SERVICE =
  'access build database dependencies dev doctor main modules peers sample sample-items sample-service service services settings test tests';

/** Packages. */
const PACKAGES = 'api-client auth config logging mail outbound secrets server stack storage testing tools tracing';

/** Addresses that every service has, or that the edge hides. */
const ADDRESSES = 'admin audit docs health internal metrics openapi security-events sessions users user well-known';

/** Words that PostgreSQL keeps for itself (its documentation, appendix C), or that cannot name a value of JavaScript. */
const LANGUAGES = `
  all analyse analyze and any array as asc both case cast check collate column constraint create current-date current-role
  current-time current-timestamp current-user default deferrable desc distinct do else end except false fetch for foreign from
  grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order
  placing primary references returning select session-user some symmetric system-user table then to trailing true union unique
  using variadic when where window with
  arguments await break catch class const continue debugger delete enum eval export extends finally function if implements import
  instanceof interface let new package private protected public return static super switch this throw try typeof undefined var
  void while yield`;

/** What neither a service nor a module may be called, for something else has that name. */
export const reservedNames: ReadonlySet<string> = new Set(
  [STACK, SERVICE, PACKAGES, ADDRESSES, LANGUAGES].flatMap((words) => words.trim().split(/\s+/)),
);
