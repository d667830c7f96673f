import type { RulesetDefinition } from '@stoplight/spectral-core';
import { defined } from '@stoplight/spectral-functions';
import owaspModule from '@stoplight/spectral-owasp-ruleset';
import { oas as oasRules } from '@stoplight/spectral-rulesets';

/** Its types leave out what marks a ruleset as one that extends no other. */
const oas = oasRules as unknown as RulesetDefinition;

/** Its types are those of its CommonJS build, one level deeper than what is imported. */
const owasp = owaspModule as unknown as RulesetDefinition;

/** The name of a rule of OWASP's list of 2023. */
function owaspRule(risk: number, name: string): string {
  return `owasp:api${risk}:2023-${name}`;
}

/**
 * What every OpenAPI document is held to: all rules that Spectral has for OpenAPI, those that it does not recommend too,
 * and all of OWASP's. A rule that is off has its reason beside it.
 */
export const apiRuleset: RulesetDefinition = {
  extends: [
    [oas, 'all'],
    [owasp, 'all'],
  ],
  rules: {
    // Most texts are any text: a password, a name, a token. Their length is bounded, which another rule of OWASP and the
    // boot itself (SR-16) see to; a pattern that everything matches would only look like a bound.
    [owaspRule(4, 'string-restricted')]: 'off',
    // Some operations are for anybody: sign-in, public keys. Which ones stands in surface.md for reviewers, and is tried for
    // every caller (SR-1); the rule at the end asks each operation to say it.
    [owaspRule(2, 'write-restricted')]: 'off',
    [owaspRule(2, 'read-restricted')]: 'off',
    // One token proves users and administrators alike; what an operation demands is its access rule, which surface.md lists
    // and which is tried for every role (SR-1). Scopes would say it, and another rule takes them from OAuth alone.
    [owaspRule(5, 'admin-security-unique')]: 'off',
    // Who answers for a service is a setting of each start (SECURITY_CONTACT), and stands in its security.txt.
    'contact-properties': 'off',
    'explicit-security': {
      message: 'an operation says who may call it: `security: []` is anybody',
      severity: 'error',
      given: '$.paths[*][get,head,post,put,patch,delete,options,trace]',
      // oxlint-disable-next-line unicorn/no-thenable -- the name of the field is Spectral's
      then: { field: 'security', function: defined },
    },
  },
};
