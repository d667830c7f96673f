import type { NodeEnvironment } from '../../define-settings.ts';
import { inProductionOnly, type SelfCheckRule } from './self-check-rule.ts';

/**
 * Domains that documentation uses and nobody owns: example.com, .net and .org with what is below them (RFC 2606,
 * section 3), `.example` and `.invalid` (RFC 6761), wherever a host ends.
 */
const SAMPLE_DOMAIN = /(?:^|[/@.])(?:example\.(?:com|net|org)|[\w-]+\.(?:example|invalid))(?=$|[:/?#])/i;

/** Whether a setting, an origin, a URL, an e-mail address or a list of them, still has a domain of documentation. */
export function sampleDomain<Name extends string>(
  name: Name,
): SelfCheckRule<{ readonly [N in Name]?: unknown } & { readonly NODE_ENV: NodeEnvironment }> {
  return inProductionOnly<{ readonly [N in Name]?: unknown }>({
    area: 'network',
    name: `the domain in ${name}`,
    judge: (settings) =>
      [settings[name]].flat().some((text) => typeof text === 'string' && SAMPLE_DOMAIN.test(text))
        ? [{ id: 'RD-109', subject: name, seen: 'It has a domain that is reserved for documentation.' }]
        : [],
  });
}
