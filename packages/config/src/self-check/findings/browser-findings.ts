import type { FindingId, FindingKind } from '../finding.ts';

const browser = { area: 'browser', severity: 'error', silencing: 'allowed' } as const;

/** What can be wrong with whom browsers let in, and with the cookie that they keep: RD-111 to RD-115. */
export const browserFindings = {
  'RD-111': {
    ...browser,
    title: 'A page over plain http may call the service',
    risk: "Who is on the way changes the page, and the page acts for its visitor with the visitor's cookie.",
    remedy: 'Serve the page over https, and list it so in ALLOWED_ORIGINS.',
    source: 'SR-24, SR-53',
  },
  'RD-112': {
    ...browser,
    title: "A page of the visitor's own machine may call the service",
    risk: "Whatever listens on that port of a visitor's machine, a tool, a game, malware without further rights, acts for the visitor.",
    remedy:
      'Take localhost and loopback addresses out of ALLOWED_ORIGINS; develop against a service that runs in development.',
    source: 'SR-24',
  },
  'RD-113': {
    ...browser,
    severity: 'advice',
    title: "The service's own origin is among the allowed ones",
    risk: 'None by itself: browsers do not ask for their own origin. A list that has what nobody needs hides what nobody should have.',
    remedy: 'Take it out of ALLOWED_ORIGINS.',
    source: 'SR-24',
  },
  'RD-114': {
    ...browser,
    severity: 'warning',
    title: 'A page on another site will not get its session renewed',
    risk: 'The refresh cookie is SameSite=Strict: a browser does not send it from a page of another site, and its users are signed out after ten minutes. Weakening the cookie, which is the quick repair, lets other sites use it too.',
    remedy:
      'Serve page and service below one domain (app.company.example and api.company.example, both https), or let the page sign in without the cookie. Sites are compared by their last two labels: below a public suffix of two labels, as co.uk is, two sites count as one.',
    source: 'SR-25, RFC 6265bis section 5.2',
  },
  'RD-115': {
    ...browser,
    title: 'Browsers do not keep the refresh cookie',
    risk: 'A cookie whose name begins with __Host- is kept only from an https address. Nobody stays signed in, and renaming the cookie, which is the quick repair, lets subdomains plant one.',
    remedy:
      "Set PUBLIC_URL to an https address. On a developer's own machine, use http://localhost or http://127.0.0.1.",
    source: 'SR-25, RFC 6265bis section 4.1.3.2',
  },
} as const satisfies Record<FindingId, FindingKind>;
