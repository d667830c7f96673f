import { describe, expect, it } from 'vitest';

import type { ProjectNames } from '../../src/setup/project-names.ts';
import { type Ask, completeAnswers } from '../../src/setup/questions.ts';
import { SetupError } from '../../src/setup/setup-error.ts';
import { readOptions } from '../../src/setup/setup-options.ts';

const current: ProjectNames = {
  name: 'Palisade',
  scope: '@palisade',
  domain: 'palisade.example',
  owner: '@palisade/platform',
  securityOwner: '@palisade/security',
};
const template = { current, isTemplate: true, example: 'kept', templateUrl: 'https://git.example/a/b' } as const;
const flags = ['--name', 'Blue Heron', '--scope', '@heron', '--domain', 'heron.test', '--owner', '@birds/all'];

/** Gives one answer after the other; after the last one, whatever is proposed. */
function person(...answers: string[]): Ask & { asked: string[] } {
  const asked: string[] = [];
  const ask = (question: string, proposal: string) => {
    asked.push(question);
    return Promise.resolve(answers.shift() ?? proposal);
  };
  return Object.assign(ask, { asked });
}

describe('what a setup has to know', () => {
  it('is in its flags: one owner for all, and the example stays, unless they say otherwise', async () => {
    await expect(completeAnswers(readOptions(flags), template, undefined)).resolves.toEqual({
      names: {
        name: 'Blue Heron',
        scope: '@heron',
        domain: 'heron.test',
        owner: '@birds/all',
        securityOwner: '@birds/all',
      },
      example: 'keep',
      templateUrl: 'https://git.example/a/b',
    });
  });

  it('is missed without a terminal, every flag by its name', async () => {
    const unknown = { ...template, templateUrl: undefined };
    await expect(completeAnswers(readOptions(flags.slice(0, 2)), unknown, undefined)).rejects.toThrow(
      'give --scope, --domain, --owner, --template-url',
    );
  });

  it('is asked for until it can be used, with a proposal made of the name', async () => {
    const ask = person('', 'x', 'Blue Heron', '@Heron');
    const { names } = await completeAnswers(readOptions([]), template, ask);
    expect(names).toEqual({
      name: 'Blue Heron',
      scope: '@blue-heron',
      domain: 'blue-heron.example',
      owner: '@blue-heron/platform',
      securityOwner: '@blue-heron/platform',
    });
    expect(ask.asked[1]).toMatch(/^--name: 3 to 24/);
  });

  it('is what it is already, in a project that has its names', async () => {
    const known = { ...template, isTemplate: false, example: 'removed' } as const;
    const { names, example } = await completeAnswers(readOptions(['--name', 'Blue Heron']), known, undefined);
    expect([names, example]).toEqual([{ ...current, name: 'Blue Heron' }, 'remove']);
  });

  it('keeps no password of an address, and takes no option and no program for one', async () => {
    const at = (templateUrl: string) =>
      completeAnswers(readOptions(flags), { ...template, templateUrl }, undefined).then(
        (answers) => answers.templateUrl,
      );
    await expect(at('https://ada:c4n4ry@git.example/a/b')).resolves.toBe('https://git.example/a/b');
    await expect(at('git@git.example:a/b.git')).resolves.toBe('git@git.example:a/b.git');
    for (const url of ['--upload-pack=x', 'ext::sh', 'a b', ''])
      await expect(at(url)).rejects.toThrow('--template-url');
  });
});

describe('flags', () => {
  it.each([[['--nmae', 'x']], [['--example', 'both']], [['extra']], [['--name']]])('are refused: %j', (args) => {
    expect(() => readOptions(args)).toThrow(SetupError);
  });

  it('may ask for a dry run, and insist', () => {
    expect(readOptions(['--dry-run', '--force'])).toEqual({ dryRun: true, force: true });
  });
});
