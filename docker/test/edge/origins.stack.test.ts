import { describe, expect, it } from 'vitest';

import { ALLOWED_ORIGIN } from './support/allowed-origin.ts';
import { observe } from './support/observe.ts';
import { askRaw, headerOf, type RawAnswer } from './support/raw-answer.ts';

const { host, hostname } = new URL(ALLOWED_ORIGIN);

/** Origins that a comparison by part, by pattern or without case would take for the allowed one. */
const hostile: Record<string, string> = {
  'another one': 'https://evil.example',
  'ours as the start of another': `https://${hostname}.evil.example`,
  'ours as the end of another': `https://evil-${host}`,
  'a name below ours': `https://evil.${host}`,
  'plain HTTP': `http://${host}`,
  'another port': `https://${hostname}:8444`,
  null: 'null',
  'other case': `https://${host.toUpperCase()}`,
  'a dot behind': `https://${hostname}.`,
  'a letter that looks like one of ours': `https://${hostname.replace('e', 'xn--e-')}`,
  'a path behind': `https://${host}/`,
  'a dot as any letter': `https://${host.replace('.', 'x')}`,
  'ours before an @': `https://${host}@evil.example`,
  'an asterisk': '*',
};

/** Sorts of requests of a browser: what comes back may be read when one of these headers says so. */
async function askAs(origin: string): Promise<readonly RawAnswer[]> {
  const headers = [['Origin', origin]] as const;
  const preflight = [...headers, ['Access-Control-Request-Method', 'POST']] as const;
  return Promise.all([
    askRaw({ path: '/.well-known/jwks.json', headers }),
    askRaw({ path: '/.well-known/security.txt', headers }),
    askRaw({ path: '/api/users/me', headers }),
    askRaw({ path: '/nothing', headers }),
    askRaw({ method: 'OPTIONS', path: '/api/auth/login', headers: preflight }),
    // What nginx refuses has no such header for anybody.
    askRaw({ method: 'TRACE', headers }),
  ]);
}

function grantsOf(answers: readonly RawAnswer[]): readonly string[] {
  return answers.flatMap(({ headers }) => [...headers.keys()].filter((name) => name.startsWith('access-control-')));
}

/** How many of the origins below have passed: what did not hold is not noted. */
let held = 0;

describe('SR-24: an origin', () => {
  it('that is on the list may read, also after another one has asked', async () => {
    await askAs('https://evil.example');
    const answers = await askAs(ALLOWED_ORIGIN);
    for (const answer of answers.slice(0, 3)) {
      expect(headerOf(answer, 'access-control-allow-origin')).toBe(ALLOWED_ORIGIN);
      expect(headerOf(answer, 'vary')).toMatch(/\bOrigin\b/i);
    }
    const ages = answers.map((answer) => headerOf(answer, 'access-control-max-age'));
    expect(ages.filter((age) => age !== undefined)).toEqual(['600']);
  });

  for (const [what, origin] of Object.entries(hostile)) {
    it(`that is not on the list may read nothing, also after the one that is has asked: ${what}`, async () => {
      await askAs(ALLOWED_ORIGIN);
      expect(grantsOf(await askAs(origin))).toEqual([]);
      held += 1;
    });
  }

  it('is so for each of these', () => {
    expect(held).toBe(Object.keys(hostile).length);
    observe('hostile-origins', `${Object.keys(hostile).length} origins, six sorts of requests: no CORS header`);
  });
});
