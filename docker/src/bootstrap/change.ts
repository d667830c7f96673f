/** Why a thing that was there is made anew, as the end of a sentence. */
export type Reason =
  | 'it was not whole'
  | 'its key was absent or another'
  | 'its names or usages were others'
  | 'its authority was another'
  | 'it would live too long'
  | 'it was not valid yet'
  | 'it said something else'
  | 'it was asked for'
  | `fewer than ${number} days were left`;

/** What becomes of a thing: it stays, it was not there, or it is made anew. */
export type Change = 'kept' | 'made' | { readonly renewedBecause: Reason };
