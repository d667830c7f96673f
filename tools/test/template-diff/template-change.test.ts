import { describe, expect, it } from 'vitest';

import { isSecurityChange } from '../../src/template-diff/template-change.ts';

const change = (subject: string, paths: readonly string[] = [], security = '') => ({
  commit: 'c',
  subject,
  paths,
  security,
});

describe('a change of security', () => {
  it.each([
    change('security: a hole'),
    change('fix(security): a hole'),
    change('fix(api, security)!: a hole'),
    change('docs: a hole', [], 'CVE-2026-1'),
    change('fix(auth): strict', ['packages/auth/src/tokens/claims.ts']),
    change('feat(server): refuse more', ['docs/a.md', 'packages/server/src/pipeline/02-request-firewall.ts']),
    change('perf(edge): less', ['nginx/conf.d/limits.conf']),
    change('no type at all', ['packages/secrets/src/secret.ts']),
  ])('is $subject', (each) => {
    expect(isSecurityChange(each)).toBe(true);
  });

  it.each([
    change('feat(mail): another sender', ['packages/mail/src/messages.ts']),
    change('test(auth): more', ['packages/auth/src/tokens/claims.ts']),
    change('docs(auth): clearer', ['packages/auth/README.md']),
    change('fix(auth): a typing error', ['packages/auth/test/claims.test.ts']),
    change('docs: what security is', ['docs/security.md']),
    change('fix(edge): words', ['nginx/README.md']),
  ])('is not $subject', (each) => {
    expect(isSecurityChange(each)).toBe(false);
  });
});
