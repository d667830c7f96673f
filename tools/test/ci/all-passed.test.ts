import { describe, expect, it } from 'vitest';

import { hasBash, runScript } from './support/run-script.ts';

function gate(results: Readonly<Record<string, string>>, optional = ''): number | null {
  const needs = Object.fromEntries(Object.entries(results).map(([job, result]) => [job, { result, outputs: {} }]));
  return runScript(['tools/ci/all-passed.sh'], { NEEDS: JSON.stringify(needs), OPTIONAL: optional }).code;
}

describe.skipIf(!hasBash)('the job to require', () => {
  it('passes when all have passed', () => {
    expect(gate({ check: 'success', test: 'success' })).toBe(0);
  });

  it.each(['failure', 'cancelled', 'skipped', ''])('SR-69: does not pass when one is %s', (result) => {
    expect(gate({ check: 'success', test: result })).not.toBe(0);
  });

  it('SR-69: lets those be skipped that are named, and nothing else happen to them', () => {
    expect(gate({ check: 'success', review: 'skipped' }, 'report review')).toBe(0);
    expect(gate({ check: 'success', review: 'failure' }, 'report review')).not.toBe(0);
    expect(gate({ check: 'skipped', review: 'skipped' }, 'report review')).not.toBe(0);
    expect(gate({ check: 'success', view: 'skipped' }, 'review')).not.toBe(0);
  });

  it('SR-69: does not pass when no job is named, or nothing can be read', () => {
    expect(gate({})).not.toBe(0);
    for (const needs of ['', 'null', 'not json'])
      expect(runScript(['tools/ci/all-passed.sh'], { NEEDS: needs }).code).not.toBe(0);
  });
});

describe.skipIf(!hasBash)('the features of GitHub', () => {
  const ask = (visibility: string, paid: string) =>
    runScript(
      ['tools/ci/features.sh'],
      { GITHUB_REPOSITORY: 'acme/billing', PAID_FEATURES: paid },
      { gh: `[[ "$2" == repos/acme/billing ]] && echo ${visibility}` },
    ).output;

  it('are there in a public repository, and in a private one that pays', () => {
    expect(ask('public', '')).toBe('available=true\n');
    expect(ask('private', 'on')).toBe('available=true\n');
  });

  it('are missing in any other one, which is said aloud', () => {
    for (const visibility of ['private', 'internal'])
      expect(ask(visibility, '')).toMatch(/^::notice title=Skipped in an? \w+ repository::.*\navailable=false\n$/);
  });
});
