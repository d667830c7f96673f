import {
  type Finding,
  managementListener,
  proxyRanges,
  reachableDevelopment,
  sampleDomain,
  templateName,
  tlsEnd,
} from '../../../src/index.ts';
import { type BadConfiguration, type BadConfigurations, canary } from './bad-configuration.ts';

/** The settings that the rules read, each sound. */
const sound = {
  NODE_ENV: 'production' as const,
  HOST: '127.0.0.1',
  PORT: 3000,
  MANAGEMENT_HOST: '127.0.0.1',
  MANAGEMENT_PORT: 9000,
  PUBLIC_URL: `https://api.${canary}.net`,
  TRUSTED_PROXIES: ['127.0.0.1'] as readonly string[],
  TLS_CERTIFICATE_FILE: undefined as string | undefined,
  TOKEN_AUDIENCE: 'billing',
};
type Settings = Omit<typeof sound, 'NODE_ENV'> & { readonly NODE_ENV: 'production' | 'development' };

/** A change of sound settings that makes them bad, and another that does not. */
function settings(
  what: string,
  judge: (settings: Settings) => readonly Finding[],
  bad: Partial<Settings>,
  mended: Partial<Settings>,
): BadConfiguration {
  return { what, bad: () => judge({ ...sound, ...bad }), mended: () => judge({ ...sound, ...mended }) };
}

const judgeTls = (view: Settings): readonly Finding[] => tlsEnd.judge(view, {});
const judgeManagement = (view: Settings): readonly Finding[] => managementListener.judge(view, {});
const judgeDevelopment = (view: Settings): readonly Finding[] => reachableDevelopment.judge(view, {});
const judgeProxies = (view: Settings): readonly Finding[] => proxyRanges.judge(view, {});
const judgeAudience = (view: Settings): readonly Finding[] =>
  templateName('TOKEN_AUDIENCE', ['redoubt-api']).judge(view, {});
const judgeDomain = (view: Settings): readonly Finding[] => sampleDomain('PUBLIC_URL').judge(view, {});

/** RD-100 to RD-109. */
export const badNetwork: BadConfigurations = {
  'RD-100': settings(
    'an https address, and plain HTTP for everybody',
    judgeTls,
    { HOST: '0.0.0.0', TRUSTED_PROXIES: [] },
    { HOST: '0.0.0.0', TRUSTED_PROXIES: [], TLS_CERTIFICATE_FILE: '/run/tls/certificate.pem' },
  ),
  'RD-101': settings('a proxy on the machine that nobody named', judgeTls, { TRUSTED_PROXIES: [] }, {}),
  'RD-102': settings('plain HTTP from proxies elsewhere', judgeTls, { HOST: '10.1.2.3' }, { HOST: '::1' }),
  'RD-103': settings(
    'metrics on every address',
    judgeManagement,
    { MANAGEMENT_HOST: '::' },
    { MANAGEMENT_HOST: '::1' },
  ),
  'RD-104': settings(
    'metrics on the internet',
    judgeManagement,
    { MANAGEMENT_HOST: '203.0.113.7' },
    { MANAGEMENT_HOST: '10.0.0.7' },
  ),
  'RD-105': settings(
    'one port for both listeners',
    judgeManagement,
    { MANAGEMENT_PORT: 3000 },
    { MANAGEMENT_PORT: 3001 },
  ),
  'RD-106': settings(
    'development for everybody',
    judgeDevelopment,
    { NODE_ENV: 'development', HOST: '0.0.0.0' },
    { NODE_ENV: 'development', HOST: 'localhost' },
  ),
  'RD-107': settings(
    'a private network as proxies',
    judgeProxies,
    { TRUSTED_PROXIES: ['10.0.0.0/8'] },
    { TRUSTED_PROXIES: ['10.7.0.0/16', '2001:db8::/48'] },
  ),
  'RD-108': settings(
    "the template's audience",
    judgeAudience,
    { TOKEN_AUDIENCE: 'redoubt-api' },
    { TOKEN_AUDIENCE: 'billing' },
  ),
  'RD-109': settings(
    'an address of documentation',
    judgeDomain,
    { PUBLIC_URL: `https://${canary}.example` },
    { PUBLIC_URL: `https://example.${canary}.net` },
  ),
};
