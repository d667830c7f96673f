import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import { parseNames } from './project-names.ts';
import { SetupError } from './setup-error.ts';

/** Where a project keeps what it is called, and what it was made from. */
export const TEMPLATE_FILE = 'template.json';

const closed = { additionalProperties: false };
const Names = Type.Object(
  {
    name: Type.String(),
    scope: Type.String(),
    domain: Type.String(),
    owner: Type.String(),
    securityOwner: Type.String(),
  },
  closed,
);

const Origin = Type.Object(
  {
    /** What the template is called. */
    names: Names,
    /** What git fetches it from. */
    repository: Type.String({ minLength: 1 }),
    version: Type.String(),
    /** The commit at which the clone was made, or up to which its changes have been taken over. */
    commit: Type.String({ pattern: '^[0-9a-f]{40,64}$' }),
    /** The files of that commit: finds it again where the clone began a history of its own. */
    tree: Type.String({ pattern: '^[0-9a-f]{40,64}$' }),
  },
  closed,
);

const TemplateRecordSchema = Type.Object(
  {
    /** Absent in the template itself. */
    template: Type.Optional(Origin),
    names: Names,
    example: Type.Object(
      {
        state: Type.Union([Type.Literal('kept'), Type.Literal('removed')]),
        /** Files, and folders with a slash at their end, that are the example's alone. */
        paths: Type.Array(Type.String()),
      },
      closed,
    ),
    renames: Type.Array(Type.Object({ from: Names, to: Names }, closed)),
    /** Which of the names meant something else in the files already: a later run could not tell them apart. */
    ambiguous: Type.Array(Type.Union([Type.Literal('name'), Type.Literal('domain')])),
  },
  closed,
);

/** What `template.json` says. */
export type TemplateRecord = Static<typeof TemplateRecordSchema>;

/** @throws {SetupError} for what is no such record; the message names the first fault. */
export function parseRecord(text: string): TemplateRecord {
  const parsed = parseJson(text);
  const fault = Value.Errors(TemplateRecordSchema, parsed).First();
  if (fault !== undefined) throw new SetupError(`${TEMPLATE_FILE}: ${fault.path || '/'}: ${fault.message}`);
  const record = parsed as TemplateRecord;
  parseNames(record.names);
  return record;
}

/** As a file. The formatter has the last word on its look, so that records are compared by {@link isSameRecord}. */
export function renderRecord(record: TemplateRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** Whether two records say the same. */
export function isSameRecord(one: TemplateRecord, other: TemplateRecord): boolean {
  return Value.Equal(one, other);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SetupError(`${TEMPLATE_FILE}: it is no JSON`);
  }
}
