import { allowedOrigins, type Finding, hostCookie } from '../../../src/index.ts';
import { type BadConfiguration, type BadConfigurations, canary } from './bad-configuration.ts';

const PUBLIC_URL = `https://api.${canary}.net`;

function judgeOrigins(NODE_ENV: 'production' | 'development', ALLOWED_ORIGINS: readonly string[]): readonly Finding[] {
  return allowedOrigins.judge({ NODE_ENV, PUBLIC_URL, ALLOWED_ORIGINS }, {});
}

/** An origin that is bad in a list, and one that is not. */
function origin(what: string, bad: string, mended: string): BadConfiguration {
  return { what, bad: () => judgeOrigins('production', [bad]), mended: () => judgeOrigins('production', [mended]) };
}

/** RD-111 to RD-115. */
export const badBrowser: BadConfigurations = {
  'RD-111': origin('a page over http', `http://app.${canary}.net`, `https://app.${canary}.net`),
  'RD-112': {
    what: "a page of the visitor's machine in production",
    bad: () => judgeOrigins('production', ['https://localhost:5173']),
    mended: () => judgeOrigins('development', ['https://localhost:5173']),
  },
  'RD-113': origin("the service's own origin", PUBLIC_URL, `https://app.${canary}.net`),
  'RD-114': origin('a page on another site', `https://app.other-${canary}.net`, `https://app.${canary}.net`),
  'RD-115': {
    what: 'an http address of another machine',
    bad: () => hostCookie.judge({ PUBLIC_URL: `http://${canary}.net` }, {}),
    mended: () => hostCookie.judge({ PUBLIC_URL: 'http://127.0.0.1:3000' }, {}),
  },
};
