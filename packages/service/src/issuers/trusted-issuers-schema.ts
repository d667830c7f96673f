import { EXTERNAL_ALGORITHMS, EXTERNAL_TOKEN_TYPES, MAX_EXTERNAL_TOKEN_TTL_SECONDS, REACHES } from '@redoubt/auth';
import { type TProperties, Type } from '@sinclair/typebox';

/** Issuers in one file at most: a service that trusts more needs another design than a file. */
const MAX_ISSUERS = 16;
/** Lines of one role map at most. */
const MAX_ROLE_LINES = 100;

const Text = Type.String({ minLength: 1, maxLength: 255 });
const Url = Type.String({ minLength: 1, maxLength: 2048 });

/** The file of trusted issuers: a list of `TrustedIssuer` as packages/auth describes each field. */
export const TrustedIssuers = Type.Array(
  closed({
    issuer: Text,
    audience: Text,
    audienceClaim: Type.Optional(oneOf(['aud', 'client_id'])),
    otherAudiences: Type.Optional(Type.Array(Text, { maxItems: 8 })),
    algorithms: Type.Array(oneOf(EXTERNAL_ALGORITHMS), { minItems: 1, maxItems: 4, uniqueItems: true }),
    jwksUrl: Type.Optional(Url),
    reach: Type.Optional(oneOf(REACHES)),
    tokenType: Type.Optional(oneOf(EXTERNAL_TOKEN_TYPES)),
    marker: Type.Optional(closed({ claim: Text, value: Type.Optional(Text) })),
    roles: closed({
      claim: Type.Array(Text, { minItems: 1, maxItems: 8 }),
      map: Type.Array(closed({ value: Text, role: Text }), { maxItems: MAX_ROLE_LINES }),
      defaultRole: Type.Optional(Text),
    }),
    maxLifetimeSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: MAX_EXTERNAL_TOKEN_TTL_SECONDS })),
  }),
  { minItems: 1, maxItems: MAX_ISSUERS },
);

/** A misspelt field would be a rule that is not kept. */
function closed<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return Type.Unsafe<Choice>(Type.Union(choices.map((choice) => Type.Literal(choice))));
}
