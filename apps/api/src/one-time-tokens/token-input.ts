import { Type } from '@sinclair/typebox';

import { TOKEN_LENGTH } from './one-time-token-store.ts';

/** A one-time token as a client sends it. Its form is checked by looking it up: a wrong one is as good as a used one. */
export const TokenInput = Type.String({
  minLength: 1,
  maxLength: 2 * TOKEN_LENGTH,
  description: 'The token of the mail.',
});

/** What a client is told of a token that is unknown, used, too old or of another kind: the same for all (SR-56). */
export const TOKEN_FAULT = { faults: [{ pointer: '/token', message: 'is not valid, or no longer' }] } as const;
