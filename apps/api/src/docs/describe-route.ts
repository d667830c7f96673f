import type { SwaggerTransform } from '@fastify/swagger';

/** A route as the reference shows it: who may call it stands beside what it takes. */
export const describeRoute: SwaggerTransform = ({ schema, url, route }) => {
  const access = route.access === 'public' ? 'anybody' : route.access.name;
  const idempotencyKey =
    route.idempotency === 'required' ? ' An `Idempotency-Key` header of 16 to 255 characters is required.' : '';
  return {
    url,
    schema: {
      ...schema,
      description: `May be called by: ${access}.${idempotencyKey}`,
      tags: [url.split('/').at(2) ?? 'service'],
      ...(route.access === 'public' ? {} : { security: [{ bearer: [] }] }),
    },
  };
};
