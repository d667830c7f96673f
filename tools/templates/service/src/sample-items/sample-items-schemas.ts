import { Type } from '@sinclair/typebox';

/** Longest text, in characters; the migration has the same number. */
const MAX_TEXT_LENGTH = 1000;

/** An entry, as its owner sees it. */
export const Entry = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    text: Type.String({ maxLength: MAX_TEXT_LENGTH }),
    createdAt: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false, description: 'An entry of sample-items.' },
);

/** What a new entry is made of. */
export const NewEntry = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: MAX_TEXT_LENGTH }) },
  { additionalProperties: false },
);
