import { hash } from 'node:crypto';

/**
 * What a schema is for: `body` takes a body as it came, `text` turns the texts of a query, a path or a header into what
 * they mean, `answer` writes what leaves.
 */
export type SchemaUse = 'body' | 'text' | 'answer';

/** A schema in one of its uses. */
export interface UsedSchema {
  readonly use: SchemaUse;
  readonly schema: object;
}

/**
 * Names a schema by its content: whatever is different in it has another key, so that a function that was made for one
 * schema is never found for another. What TypeBox keeps beside the schema, under symbols, does not count.
 */
export function keyOf({ use, schema }: UsedSchema): string {
  return `${use}:${hash('sha256', JSON.stringify(schema), 'base64url')}`;
}
