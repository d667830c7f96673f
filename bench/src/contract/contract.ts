/** The work that every variant of the benchmark does: the same routes, the same answers. */

/** What a public `GET /api/products/:id` answers. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly priceCents: number;
  readonly tags: string[];
}

/** What `POST /api/quotes` takes. */
export interface QuoteRequest {
  readonly customer: { readonly name: string; readonly email: string };
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly note?: string | undefined;
}

/** What it answers. */
export interface Quote {
  readonly customer: string;
  readonly lines: number;
  readonly quantity: number;
}

/** Bounds that every variant enforces. */
export const bounds = {
  MAX_NAME: 64,
  MAX_EMAIL: 254,
  MAX_SKU: 32,
  MAX_QUANTITY: 1000,
  MAX_ITEMS: 20,
  MAX_NOTE: 500,
  MAX_TEXT: 70_000,
  MAX_ID: 32,
} as const;

/** The one request of an address and an hour that `GET /api/limited` answers with 200. */
export const LIMITED_MAX = 1;
export const LIMITED_WINDOW_SECONDS = 3600;

/** What nobody reaches in a run: the limits are on, and count. */
export const UNREACHED_MAX = 1_000_000_000;

/** Finds a product; the same for all variants, so that none of them looks anything up. */
export function findProduct(id: string): Product {
  return { id, name: 'Cast iron pan, 28 cm', priceCents: 4990, tags: ['kitchen', 'iron', 'heavy'] };
}

/** Answers a quote. */
export function quoteOf({ customer, items }: QuoteRequest): Quote {
  let quantity = 0;
  for (const item of items) quantity += item.quantity;
  return { customer: customer.name, lines: items.length, quantity };
}
