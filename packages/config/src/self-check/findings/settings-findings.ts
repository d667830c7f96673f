import type { FindingId, FindingKind } from '../finding.ts';

/** Settings that cannot be used: there is nothing to start with, in any environment. */
const unusable = { area: 'settings', severity: 'error', severityInDevelopment: 'error', silencing: 'refused' } as const;

/** What can be wrong with the settings themselves: RD-001 to RD-019. `loadSettings` finds them (SR-53). */
export const settingsFindings = {
  'RD-001': {
    ...unusable,
    title: 'A setting is missing',
    risk: "A service that guesses what nobody stated runs with somebody else's idea of it: another issuer, another database.",
    remedy: 'Set the variable. The table of settings in the README gives the form that is expected.',
    source: 'SR-53',
  },
  'RD-002': {
    ...unusable,
    title: 'A setting is empty',
    risk: 'An empty variable is what a deployment leaves when a value could not be filled in. Taken for "not set", it would silently bring the default back; taken as a value, it would allow whatever an empty list or name stands for.',
    remedy: 'Give the variable its value, or remove it to have its default. Only a list may be empty.',
    source: 'SR-53',
  },
  'RD-003': {
    ...unusable,
    title: 'A setting is malformed',
    risk: 'A value that two readers understand in two ways is one that a review approved and the service does not follow: 010.0.0.1, 1e3, yes.',
    remedy: 'Write the value in the one form that is expected. Nothing is coerced, trimmed or guessed.',
    source: 'SR-53',
  },
  'RD-004': {
    ...unusable,
    title: 'A variable with the prefix of the service is no setting',
    risk: 'Whoever set it believes that it does something. If it was meant to protect the service, the service is not protected.',
    remedy:
      'Remove the variable, or correct its name. On Kubernetes, set enableServiceLinks: false on the pod: for a Service that is named as the prefix it adds such variables.',
    source: 'SR-53',
  },
  'RD-005': {
    ...unusable,
    title: 'A variable is a setting misspelt',
    risk: 'The setting that was meant keeps its default, and nobody sees it: TRUSTED_PROXYS protects nothing.',
    remedy: 'Rename the variable, or set the one that it resembles as well.',
    source: 'SR-53',
  },
  'RD-006': {
    ...unusable,
    title: 'A server has only its embedded stand-in',
    risk: "What stands in for a server on a developer's machine keeps its data in one process: replicas do not see each other's revocations and limits, and a restart forgets them.",
    remedy: 'Set the address of the real server, or the reference of the real key.',
    source: 'SR-53',
  },
  'RD-007': {
    ...unusable,
    title: 'An address is plain http',
    risk: 'Everybody on the way reads and changes what goes over it: passwords, tokens, the page itself. Tokens would name an issuer that anybody on the way can speak for.',
    remedy: 'Use https.',
    source: 'SR-53, SR-28',
  },
  'RD-008': {
    ...unusable,
    title: 'Origins have a wildcard or null',
    risk: 'Any site could act for its visitors: their browsers send the cookie along and hand over the answer. A sandboxed frame of any site has the origin null.',
    remedy: 'List each origin, as browsers send it: https://app.example.com.',
    source: 'SR-24',
  },
  'RD-009': {
    ...unusable,
    title: 'Strangers are among the trusted proxies',
    risk: 'A client in the range writes its own address into X-Forwarded-For. Rate limits, sign-in limits and the audit trail then hold for an address that the client chose.',
    remedy:
      'List the addresses of your own proxies: IPv4 /8 or narrower, IPv6 /32 or narrower; never true, never a number of hops.',
    source: 'SR-23',
  },
  'RD-010': {
    ...unusable,
    title: 'A setting has a value for development only',
    risk: 'What makes development comfortable opens production: pages that describe every route, storage in memory, checks that are left out.',
    remedy: 'Choose another value, as the message says.',
    source: 'SR-53',
  },
  'RD-011': {
    ...unusable,
    title: 'Certificates are not checked',
    risk: 'With NODE_TLS_REJECT_UNAUTHORIZED=0 Node believes any certificate from anybody: every connection to the database, the mail server and other services can be taken over on the way.',
    remedy:
      'Remove the variable. Name an authority of your own in the setting of the connection that needs it: DATABASE_CA_FILE, VALKEY_CA_FILE, MAIL_CA_FILE, VAULT_CACERT.',
    source: 'SR-28',
  },
  'RD-012': {
    ...unusable,
    title: 'NODE_OPTIONS take a protection away',
    risk: 'An open inspector lets whoever reaches it run code in the process. The insecure HTTP parser lets smuggled requests through. Old versions of TLS are broken.',
    remedy: 'Remove the option from NODE_OPTIONS.',
    source: 'SR-53, SR-26, SR-27',
  },
  'RD-013': {
    ...unusable,
    title: 'TLS is half configured',
    risk: 'A certificate without its key, or without whom to admit, would leave plain HTTP, or a listener that admits everybody whom the authority ever signed for.',
    remedy:
      'Set TLS_CERTIFICATE_FILE, TLS_KEY, TLS_CLIENT_CA_FILE and at least one of ALLOWED_SERVICES and ALLOWED_EDGES; or none of them.',
    source: 'SR-28, docs/decisions/012-service-identity.md',
  },
  'RD-014': {
    ...unusable,
    title: 'One certificate is both an edge and a service',
    risk: 'The edge presents its certificate for everybody who comes through it: each of them would be that service.',
    remedy: 'Give the edge a SPIFFE id of its own.',
    source: 'SR-28, docs/decisions/012-service-identity.md',
  },
  'RD-015': {
    ...unusable,
    title: 'A peer is not named by its SPIFFE id',
    risk: 'A pattern or a host name admits more than one peer, or one that somebody else can become.',
    remedy: 'List each peer by its exact id: spiffe://trust-domain/path.',
    source: 'SR-28, SPIFFE-ID section 2',
  },
  'RD-016': {
    ...unusable,
    title: 'Nobody can sign in',
    risk: 'Without passwords and without other issuers no user is ever admitted, and the first quick repair is seldom the right one.',
    remedy: 'Name the issuers in TRUSTED_ISSUERS_FILE, or set LOCAL_PASSWORDS=on.',
    source: 'SR-53, docs/decisions/010-external-issuers.md',
  },
  'RD-017': {
    ...unusable,
    title: 'A file that a setting names has faults',
    risk: "The file decides whose tokens or whose signed requests are accepted. What it does not state exactly, an attacker's issuer or key may; whoever can change it decides in its place.",
    remedy:
      'Mend the file at the place that the message gives as a JSON pointer. It is a regular file of 64 KiB at most, which only its owner and its group can change.',
    source: 'SR-15, SR-42, SR-53, docs/decisions/010-external-issuers.md, docs/decisions/016-signed-requests.md',
  },
  'RD-018': {
    ...unusable,
    title: 'An address contains a password',
    risk: 'Addresses are logged, shown in dashboards and passed to children as environment. A password among them is no secret, and cannot rotate without a restart.',
    remedy:
      'Take the password out of the address and set its reference, as DATABASE_PASSWORD has it. Replace the password: it stood in an environment.',
    source: 'SR-51',
  },
  'RD-019': {
    ...unusable,
    title: 'A rule of the service refuses a setting',
    risk: "The service's own definition of its settings holds the combination for wrong; the message says why.",
    remedy: 'Follow the message.',
    source: 'SR-53',
  },
} as const satisfies Record<FindingId, FindingKind>;
