import type { SwaggerTransform } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';

/** A schema of an object, as far as it is looked into here. */
interface ObjectSchema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly default?: unknown }>>;
}

const IdempotencyKeyHeaders = {
  type: 'object',
  required: ['idempotency-key'],
  properties: {
    'idempotency-key': {
      type: 'string',
      minLength: 16,
      maxLength: 255,
      description: 'New for each effect that is wanted.',
    },
  },
};

/** A route as the reference shows it: who may call it, its key, what may be left out, and errors as what they are. */
export const describeRoute: SwaggerTransform = ({ schema, url, route }) => {
  const access = route.access === 'public' ? 'anybody' : route.access.name;
  const described: FastifySchema = {
    ...schema,
    ...(schema.body === undefined ? {} : { body: withoutDefaulted(schema.body as ObjectSchema) }),
    ...(route.idempotency === 'required' ? { headers: IdempotencyKeyHeaders } : {}),
    response: withProblems(schema.response as Readonly<Record<string, object>>),
  };
  return {
    url,
    schema: {
      ...described,
      description: `May be called by: ${access}.`,
      tags: [url.split('/').at(2) ?? 'service'],
      ...(route.access === 'public' ? {} : { security: [{ bearer: [] }] }),
    },
  };
};

/** A field with a default may be left out of a request, whatever its schema lists as required. */
function withoutDefaulted(body: ObjectSchema): ObjectSchema {
  const { properties = {}, required } = body;
  if (required === undefined) return body;
  return { ...body, required: required.filter((name) => properties[name]?.default === undefined) };
}

function withProblems(responses: Readonly<Record<string, object>> = {}): Record<string, object> {
  const entries = Object.entries(responses).map(([status, schema]) => [
    status,
    /^[45]xx$/.test(status) ? asProblem(schema) : schema,
  ]);
  return Object.fromEntries(entries) as Record<string, object>;
}

function asProblem(schema: object): object {
  return { description: 'What went wrong (RFC 9457).', content: { 'application/problem+json': { schema } } };
}
