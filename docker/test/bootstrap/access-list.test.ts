import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { createAccessList } from '../../src/bootstrap/access-list.ts';
import { createPassword } from '../../src/bootstrap/password.ts';

const passwords = [createPassword(), createPassword(), createPassword()] as const;
const [first, second, healthPassword] = passwords;
const lines = createAccessList({
  services: [
    { name: 'redoubt-api', password: first },
    { name: 'redoubt-other', password: second },
  ],
  healthPassword,
})
  .trimEnd()
  .split('\n');

function lineOf(user: string): string {
  return lines.find((line) => line.startsWith(`user ${user} `)) ?? '';
}

describe('the access list of the shared store', () => {
  it('SR-50: switches the default user off, and takes everything from it', () => {
    expect(lineOf('default')).toBe('user default off resetpass resetkeys resetchannels -@all');
  });

  it('SR-50: has nobody but the services and the health check beside it', () => {
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['default', 'redoubt-api', 'redoubt-other', 'health']);
  });

  it('SR-50: gives the service its prefix and the commands of its client, by name', () => {
    const rules = lineOf('redoubt-api').split(' ');
    expect(rules.filter((rule) => /^[~&%]/.test(rule))).toEqual(['~redoubt-api:*', '&redoubt-api:*']);
    expect(rules.filter((rule) => rule.startsWith('+'))).toEqual(
      '+get +set +del +incr +pttl +multi +exec +publish +subscribe +unsubscribe +ping'.split(' '),
    );
    expect(rules.indexOf('-@all')).toBeLessThan(rules.indexOf('+get'));
  });

  it('SR-50: lets no service see what is of another', () => {
    const rules = lineOf('redoubt-other').split(' ');
    expect(rules.filter((rule) => /^[~&%]/.test(rule))).toEqual(['~redoubt-other:*', '&redoubt-other:*']);
    expect(rules.filter((rule) => rule.startsWith('#'))).not.toEqual(
      lineOf('redoubt-api')
        .split(' ')
        .filter((rule) => rule.startsWith('#')),
    );
  });

  it('SR-50: lets the health check ask whether the server answers', () => {
    expect(lineOf('health').replace(/#\S+/, '#…')).toBe(
      'user health on resetpass #… resetkeys resetchannels -@all +ping',
    );
  });

  it('SR-50, SR-51: holds passwords by their SHA-256 only', () => {
    const text = lines.join('\n');
    for (const password of passwords) {
      expect(text).not.toContain(password);
      expect(text).toContain(`#${createHash('sha256').update(password).digest('hex')}`);
    }
  });
});
