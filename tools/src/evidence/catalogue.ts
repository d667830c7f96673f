import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { parse } from 'yaml';

/** A requirement, and what the catalogue says of how it is shown. */
export interface Requirement {
  /** `SR-14`, or `V6.3.8` of OWASP ASVS 5.0. */
  readonly id: string;
  /** In words of our own. */
  readonly title: string;
  /** Of ASVS: 1 is for everybody. */
  readonly level?: 1 | 2 | 3;
  /** Requirements of the project whose tests show this one, too. */
  readonly requirements: readonly string[];
  /** `file.test.ts`, or `file.test.ts: words of a name`; see `select-tests.ts`. */
  readonly tests: readonly string[];
  /** Checks of `.ci/run` that are no tests. */
  readonly steps: readonly string[];
  /** What is missing; with tests beside it, what they do not show. */
  readonly open?: string;
  readonly notApplicable?: string;
}

/** A test that not every machine can run, and why. */
export interface ConditionalTest {
  readonly test: string;
  readonly reason: string;
}

export interface Catalogue {
  readonly requirements: readonly Requirement[];
  readonly conditional: readonly ConditionalTest[];
}

const closed = { additionalProperties: false };
const Reason = Type.String({ minLength: 15 });
const Names = Type.Array(Type.String({ minLength: 1 }), { minItems: 1, uniqueItems: true });

const OwnRequirement = Type.Object(
  { title: Type.String({ minLength: 5 }), steps: Type.Optional(Names), open: Type.Optional(Reason) },
  closed,
);

const AsvsRequirement = Type.Object(
  {
    level: Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)]),
    subject: Type.String({ minLength: 5 }),
    sr: Type.Optional(Names),
    tests: Type.Optional(Names),
    steps: Type.Optional(Names),
    open: Type.Optional(Reason),
    'not-applicable': Type.Optional(Reason),
  },
  closed,
);

const OwnFile = Type.Object(
  {
    requirements: Type.Record(Type.String({ pattern: '^SR-[1-9][0-9]*$' }), OwnRequirement, closed),
    'not-on-every-machine': Type.Array(Type.Object({ test: Type.String(), reason: Reason }, closed)),
  },
  closed,
);

const AsvsFile = Type.Record(
  Type.String({ pattern: '^V[1-9][0-9]*[.][1-9][0-9]*[.][1-9][0-9]*$' }),
  AsvsRequirement,
  closed,
);

/**
 * Reads the two files of `tools/evidence`, in the order of the ids.
 *
 * @throws {TypeError} for the first entry that has another form, or that says nothing or two things of itself.
 */
export function readCatalogue(own: string, asvs: string): Catalogue {
  const ownFile = checked(OwnFile, parse(own), 'requirements.yaml');
  const asvsFile = checked(AsvsFile, parse(asvs), 'asvs.yaml');
  const requirements = [
    ...Object.entries(ownFile.requirements).map(([id, entry]) => ownRequirement(id, entry)),
    ...Object.entries(asvsFile).map(([id, entry]) => asvsRequirement(id, entry)),
  ];
  return {
    requirements: requirements.toSorted((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true })),
    conditional: ownFile['not-on-every-machine'],
  };
}

function checked<T extends typeof OwnFile | typeof AsvsFile>(schema: T, value: unknown, file: string): T['static'] {
  const [fault] = Value.Errors(schema, value);
  if (fault !== undefined) throw new TypeError(`tools/evidence/${file}: ${fault.path || 'the file'}: ${fault.message}`);
  return value as T['static'];
}

function ownRequirement(id: string, { title, steps = [], open }: (typeof OwnRequirement)['static']): Requirement {
  return { id, title, requirements: [id], tests: [], steps, ...(open !== undefined && { open }) };
}

function asvsRequirement(id: string, entry: (typeof AsvsRequirement)['static']): Requirement {
  const { level, subject, sr = [], tests = [], steps = [], open, 'not-applicable': notApplicable } = entry;
  const isShown = sr.length + tests.length + steps.length > 0;
  if (notApplicable !== undefined && (isShown || open !== undefined))
    throw new TypeError(`tools/evidence/asvs.yaml: ${id} does not apply, and says more than that`);
  return {
    id,
    title: subject,
    level,
    requirements: sr,
    tests,
    steps,
    ...(open !== undefined && { open }),
    ...(notApplicable !== undefined && { notApplicable }),
  };
}
