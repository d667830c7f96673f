import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { renderTemplate } from '../../src/deploy/render-template.ts';

const template = readFileSync(join(import.meta.dirname, '..', '..', '..', 'deploy/aws/ci-trust.json'), 'utf8');
const values = new Map([
  ['account', '111122223333'],
  ['repository', 'acme/billing'],
  ['environment', 'production'],
]);

describe('renderTemplate', () => {
  it('puts the values in and leaves no placeholder', () => {
    const rendered = renderTemplate(template, values);
    expect(JSON.parse(rendered)).toMatchObject({ Version: '2012-10-17' });
    expect(rendered).toContain('repo:acme/billing:environment:production');
    expect(rendered).not.toContain('{{');
  });

  it('names every value that is missing', () => {
    expect(() => renderTemplate(template, new Map())).toThrow('account, repository, environment');
  });

  it.each(['*', 'acme/*', 'acme/?', '${aws:username}', '{{account}}', 'a"b', 'a\nb', '', ' acme', '-x'])(
    'SR-70: refuses the value %j, which could change what the policy means',
    (value) => {
      expect(() => renderTemplate(template, new Map([...values, ['repository', value]]))).toThrow('repository');
    },
  );
});
