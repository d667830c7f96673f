import { signedIn } from '@redoubt/auth';
import { callerOf, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

const closed = { additionalProperties: false };
const NewGreeting = Type.Object({ name: Type.String({ minLength: 1, maxLength: 80 }) }, closed);
const Greeting = Type.Object({ text: Type.String({ maxLength: 100 }), by: Type.String({ format: 'uuid' }) }, closed);

/** Greets somebody in the caller's name. */
export function addGreetingRoutes(app: Server): void {
  app.post(
    '/api/greetings',
    {
      access: signedIn(),
      idempotency: notNeeded('a greeting is not stored'),
      schema: { body: NewGreeting, response: { 200: Greeting } },
    },
    (request) => ({ text: `Hello, ${request.body.name}!`, by: callerOf(request).userId }),
  );
}
