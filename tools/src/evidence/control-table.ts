import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { parse } from 'yaml';

import { findClaimFaults } from '../claims/claim-faults.ts';
import type { Requirement } from './catalogue.ts';

const closed = { additionalProperties: false };
const Names = Type.Array(Type.String({ minLength: 1 }), { uniqueItems: true });

const Control = Type.Object(
  {
    control: Type.String({ minLength: 10 }),
    sr: Type.Array(Type.String(), { minItems: 1 }),
    asvs: Names,
    tests: Type.Array(Type.String(), { minItems: 1, uniqueItems: true }),
    off: Type.Optional(
      Type.Object(
        {
          settings: Type.Optional(Names),
          route: Type.Optional(Names),
          silence: Type.Optional(Names),
          how: Type.String({ minLength: 5 }),
        },
        closed,
      ),
    ),
  },
  closed,
);

const Controls = Type.Record(Type.String(), Type.Array(Control, { minItems: 1 }));

type Control = (typeof Control)['static'];

/** What the table names, and what is therefore looked for. */
export interface KnownNames {
  readonly settings: ReadonlySet<string>;
  readonly routeOptions: ReadonlySet<string>;
  /** Findings of the self-check that may be silenced. */
  readonly silences: ReadonlySet<string>;
  readonly requirements: readonly Requirement[];
  /** The sources of all tests, by their paths from the root on. */
  readonly tests: ReadonlyMap<string, string>;
}

/**
 * Writes `tools/evidence/controls.yaml` as a table for the README.
 *
 * @throws {TypeError} when something that it names is not there, with all that is wrong.
 */
export function controlTable(text: string, known: KnownNames): string {
  const groups: unknown = parse(text);
  const [fault] = Value.Errors(Controls, groups);
  if (fault !== undefined) throw new TypeError(`tools/evidence/controls.yaml: ${fault.path}: ${fault.message}`);
  const controls = groups as (typeof Controls)['static'];
  const faults = Object.values(controls).flatMap((group) => group.flatMap((control) => faultsOf(control, known)));
  if (faults.length > 0) throw new TypeError(`tools/evidence/controls.yaml:\n${faults.join('\n')}`);
  const rows = Object.entries(controls).map(([group, entries]) =>
    [`| **${group}** | | | | |`].concat(entries.map((control) => rowOf(control, known))),
  );
  const head = [
    '| control | requirement | ASVS 5.0 | attacked by | how to switch it off |',
    '| --- | --- | --- | --- | --- |',
  ];
  return [...head, ...rows.flat()].join('\n');
}

function faultsOf({ control, sr, asvs, tests, off = { how: '' } }: Control, known: KnownNames): readonly string[] {
  const paths = tests.map((test) => pathsOf(test, known));
  const named = paths.flat().map((path) => `\`${path}\``);
  const shown = new Set(known.requirements.filter((each) => isShown(each)).map(({ id }) => id));
  return [
    ...tests
      .filter((_, index) => paths[index]?.length !== 1)
      .map((test) => `${test} is the end of no path or of several`),
    ...findClaimFaults({ where: 'tests', requirements: sr.join(', '), tests: named.join(', ') }, (path) =>
      known.tests.get(path),
    ),
    ...asvs.filter((id) => !shown.has(id)).map((id) => `${id} is no requirement of ASVS that something shows`),
    ...missing(off.settings, known.settings).map((name) => `there is no setting ${name}`),
    ...missing(off.route, known.routeOptions).map((name) => `routes have no option ${name}`),
    ...missing(off.silence, known.silences).map((id) => `${id} is no finding that may be silenced`),
  ].map((each) => `${control}: ${each}`);
}

function isShown({ requirements, tests, steps }: Requirement): boolean {
  return requirements.length + tests.length + steps.length > 0;
}

function pathsOf(test: string, { tests }: KnownNames): readonly string[] {
  return [...tests.keys()].filter((path) => path === test || path.endsWith(`/${test}`));
}

function missing(names: readonly string[] = [], known: ReadonlySet<string>): readonly string[] {
  return names.filter((name) => !known.has(name));
}

function rowOf({ control, sr, asvs, tests, off }: Control, known: KnownNames): string {
  const links = tests.flatMap((test) => pathsOf(test, known)).map((path) => `[${nameOf(path)}](${path})`);
  const numbers = sr.map((id) => `[${id}](docs/evidence.md#${id.toLowerCase()})`);
  const cells = [
    control,
    numbers.join(', '),
    asvs.join(', '),
    links.join(', '),
    off === undefined ? 'cannot be switched off' : wayOff(off),
  ];
  return `| ${cells.join(' | ')} |`;
}

function nameOf(path: string): string {
  return (path.split('/').at(-1) ?? path).replace('.test.ts', '');
}

function wayOff({ settings = [], route = [], silence = [], how }: NonNullable<Control['off']>): string {
  const names = [
    ...settings.map((name) => `\`${name}\``),
    ...route.map((name) => `\`${name}\` of the route`),
    ...silence.map((id) => `[${id}](docs/findings/${id}.md)`),
  ];
  return `${names.join(', ')}: ${how}`;
}
