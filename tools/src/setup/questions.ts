import { parseDomain, parseName, parseOwner, parseScope, type ProjectNames } from './project-names.ts';
import { SetupError } from './setup-error.ts';
import type { SetupOptions } from './setup-options.ts';
import { formsOf } from './name-forms.ts';

/** Asks a person one thing, and gives what was answered, or the proposal. */
export type Ask = (question: string, proposal: string) => Promise<string>;

/** What a setup has to know before it begins. */
export interface SetupAnswers {
  readonly names: ProjectNames;
  readonly example: 'keep' | 'remove';
  readonly templateUrl: string;
}

/** What is known without asking. */
export interface KnownBefore {
  /** What the project is called now; in a template these are no answers. */
  readonly current: ProjectNames;
  readonly isTemplate: boolean;
  readonly example: 'kept' | 'removed';
  readonly templateUrl: string | undefined;
}

/**
 * Completes the options: by asking, or, where nobody can be asked, not at all. What a project is called already is what
 * it is called unless somebody says otherwise.
 *
 * @throws {SetupError} without a terminal, with every flag that is missing; and for an answer on a flag that cannot be used.
 */
export async function completeAnswers(
  given: SetupOptions,
  { current, isTemplate, example: state, templateUrl: knownUrl }: KnownBefore,
  ask: Ask | undefined,
): Promise<SetupAnswers> {
  const kept = isTemplate ? {} : current;
  const known = { ...kept, ...given, templateUrl: given.templateUrl ?? knownUrl };
  if (ask === undefined) assertComplete(known);
  const name = await answer(known.name, parseName, ask, 'Name, for people', '');
  const slug = formsOf(name).kebab;
  const scope = await answer(known.scope, parseScope, ask, 'Scope of the packages', `@${slug}`);
  const domain = await answer(known.domain, parseDomain, ask, 'Domain', `${slug}.example`);
  const owner = await answer(known.owner, parseOwner, ask, 'Owner of the code on GitHub', `${scope}/platform`);
  const ownerOfSecurity = given.securityOwner ?? (given.owner === undefined ? current.securityOwner : undefined);
  const securityOwner = await answer(
    isTemplate ? given.securityOwner : ownerOfSecurity,
    parseOwner,
    ask,
    'Owner of what decides about security',
    owner,
  );
  const templateUrl = await answer(known.templateUrl, parseUrl, ask, 'Repository of the template', '');
  const decided = state === 'removed' ? 'remove' : 'keep';
  const wanted = given.example ?? (isTemplate ? undefined : decided);
  const example = await answer(wanted, parseExample, ask, 'Example domain: keep or remove', 'keep');
  return { names: { name, scope, domain, owner, securityOwner }, example, templateUrl };
}

const REQUIRED = {
  name: '--name',
  scope: '--scope',
  domain: '--domain',
  owner: '--owner',
  templateUrl: '--template-url',
};

function assertComplete(known: Partial<Record<keyof typeof REQUIRED, string | undefined>>): void {
  const missing = Object.entries(REQUIRED).filter(([key]) => known[key as keyof typeof REQUIRED] === undefined);
  if (missing.length === 0) return;
  const flags = missing.map(([, flag]) => flag).join(', ');
  throw new SetupError(`nobody can be asked, since there is no terminal: give ${flags}`);
}

/** A given text, or the answer of a person, who is asked until it can be used; without a person, the proposal. */
async function answer<Value extends string>(
  given: string | undefined,
  parse: (text: string) => Value,
  ask: Ask | undefined,
  question: string,
  proposal: string,
): Promise<Value> {
  if (given !== undefined || ask === undefined) return parse(given ?? proposal);
  let asked = question;
  for (;;) {
    try {
      return parse(await ask(asked, proposal));
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      asked = `${error.message}\n${question}`;
    }
  }
}

/** What git is handed as an address: never an option, never a program, never with a password in it. */
function parseUrl(text: string): string {
  if (/^[-\s]|::|\s/.test(text) || text === '')
    throw new SetupError('--template-url: what git fetches from, such as https://git.example/owner/template');
  return withoutPassword(text);
}

function withoutPassword(text: string): string {
  if (!/^https?:/.test(text)) return text;
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}

function parseExample(text: string): 'keep' | 'remove' {
  if (text !== 'keep' && text !== 'remove') throw new SetupError('--example: keep or remove');
  return text;
}
