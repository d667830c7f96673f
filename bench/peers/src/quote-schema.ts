import { z } from 'zod';

import { bounds } from '../../src/contract/contract.ts';

/** The checks of the peers that use zod. */
export const productParams = z.strictObject({ id: z.string().min(1).max(bounds.MAX_ID) });

export const quoteRequest = z.strictObject({
  customer: z.strictObject({
    name: z.string().min(1).max(bounds.MAX_NAME),
    email: z.email().max(bounds.MAX_EMAIL),
  }),
  items: z
    .array(
      z.strictObject({
        sku: z.string().min(1).max(bounds.MAX_SKU),
        quantity: z.int().min(1).max(bounds.MAX_QUANTITY),
      }),
    )
    .min(1)
    .max(bounds.MAX_ITEMS),
  note: z.string().min(1).max(bounds.MAX_NOTE).optional(),
});

export const documentRequest = z.strictObject({ text: z.string().min(1).max(bounds.MAX_TEXT) });
