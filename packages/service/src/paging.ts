import { type TSchema, Type } from '@sinclair/typebox';

/** Rows of a page when the client does not say, and at most. */
const PAGE_SIZE = { default: 20, maximum: 100 };

/** The query of a list: how many, and after which. */
export const PageQuery = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, ...PAGE_SIZE, description: 'Rows of a page.' }),
    cursor: Type.Optional(Type.String({ format: 'uuid', description: 'The nextCursor of the page before.' })),
  },
  { additionalProperties: false },
);

/** The answer of a list. `nextCursor` is absent on the last page. */
export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object(
    {
      items: Type.Array(item, { maxItems: PAGE_SIZE.maximum }),
      nextCursor: Type.Optional(Type.String({ format: 'uuid' })),
    },
    { additionalProperties: false },
  );
}

/**
 * Cuts a page from rows that were asked for with one more than `limit`: the extra row says that there is another page.
 */
export function cutPage<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
): { items: Item[]; nextCursor?: string } {
  const items = rows.slice(0, limit).map(toItem);
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? { items, nextCursor: last.id } : { items };
}
