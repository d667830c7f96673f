import { randomUUID } from 'node:crypto';

import type { Server } from '@redoubt/server';
import type { TSchema } from '@sinclair/typebox';

import { createEmail } from './journey.ts';

/** What a route is told, in parts. */
export interface RouteInput {
  readonly params: Readonly<Record<string, unknown>>;
  readonly querystring: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** A place of a request in which a text may stand. */
export interface StringInput {
  /** `POST /api/users body.email`. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly format: string | undefined;
  /** A sound request in all other places, with a text in this one. */
  withText(text: string): RouteInput;
}

const PARTS = ['params', 'querystring', 'body'] as const;

type Properties = Readonly<Record<string, TSchema>>;
type RouteSchema = Readonly<Partial<Record<(typeof PARTS)[number], unknown>>>;

/** Collects the places for a text from the schemas of all routes that are added later, those of later features as well. */
export function collectStringInputs(app: Server): readonly StringInput[] {
  const inputs: StringInput[] = [];
  app.addHook('onRoute', ({ method, url, schema }) => {
    if (method === 'HEAD' || method === 'OPTIONS' || schema === undefined) return;
    inputs.push(...inputsOf(String(method), url, schema));
  });
  return inputs;
}

function inputsOf(method: string, url: string, schema: RouteSchema): StringInput[] {
  return PARTS.flatMap((part) =>
    Object.entries(propertiesOf(schema[part]))
      .filter(([, property]) => takesText(property))
      .map(([key, property]) => ({
        name: `${method} ${url} ${part}.${key}`,
        method,
        url,
        format: property['format'] as string | undefined,
        withText: (text: string) => {
          const input = soundInput(schema);
          return { ...input, [part]: { ...input[part], [key]: text } };
        },
      })),
  );
}

function propertiesOf(part: unknown): Properties {
  return (part as { properties?: Properties } | undefined)?.properties ?? {};
}

/** Texts of any form, and choices between a few words. */
function takesText(property: TSchema): boolean {
  return property['type'] === 'string' || Array.isArray(property['anyOf']);
}

function soundInput(schema: RouteSchema): RouteInput {
  return {
    params: soundPart(schema.params),
    querystring: {},
    body: Object.keys(propertiesOf(schema.body)).length === 0 ? undefined : soundPart(schema.body),
  };
}

/** All that is required. */
function soundPart(part: unknown): Record<string, unknown> {
  const required = (part as { required?: readonly string[] } | undefined)?.required ?? [];
  const properties = propertiesOf(part);
  return Object.fromEntries(required.map((key) => [key, soundValue(properties[key])]));
}

function soundValue(property: TSchema | undefined): unknown {
  if (property?.['format'] === 'uuid') return randomUUID();
  if (property?.['format'] === 'email') return createEmail();
  const [word] = (property?.['enum'] ?? []) as readonly string[];
  if (word !== undefined) return word;
  if (property?.['type'] === 'string') return randomUUID();
  if (property?.['type'] === 'integer') return property['minimum'];
  const [choice] = (property?.['anyOf'] ?? []) as readonly { const?: unknown }[];
  return choice?.const;
}
