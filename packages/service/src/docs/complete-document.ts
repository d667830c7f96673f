import { PROBLEM_MEDIA_TYPE, Problem } from '@redoubt/server';

import { INT32_MAX, mapValues, withBounds } from './write-bounds.ts';

/** A part of the document, as far as it is looked into here. */
interface Part {
  [name: string]: unknown;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Part[];
  readonly responses: Record<string, Part>;
}

/** The document as it comes from the routes. */
export interface RouteDocument {
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

/** What every answer of a limited route tells (SR-22): all of them are, but for those in development. */
const RATE_LIMIT_HEADERS = {
  'RateLimit-Limit': countHeader('Requests that a window takes.'),
  'RateLimit-Remaining': countHeader('Requests that are left in it.'),
  'RateLimit-Reset': countHeader('Seconds until the next window.'),
};

/** What any answer can tell, and what those add that ask for patience. */
const SHARED_HEADERS = {
  ...RATE_LIMIT_HEADERS,
  'Access-Control-Allow-Origin': textHeader('The origin that asked, where it is an allowed one; never a star.'),
};
const ALL_HEADERS = { ...SHARED_HEADERS, 'Retry-After': countHeader('Seconds until another try makes sense.') };

/** Errors that any route can answer with, beside those of its own. */
const SHARED_PROBLEMS = {
  '401': 'Unauthenticated',
  '429': 'RateLimited',
  '4XX': 'Refused',
  '500': 'Failed',
  '5XX': 'Unavailable',
} as const;

const PROBLEM_DESCRIPTIONS: Readonly<Record<(typeof SHARED_PROBLEMS)[keyof typeof SHARED_PROBLEMS], string>> = {
  Unauthenticated: 'Who asks was not proven, where this operation asks for it.',
  RateLimited: 'Too many requests; Retry-After says when to come back.',
  Refused: 'What was asked cannot be done.',
  Failed: 'The service failed.',
  Unavailable: 'The service cannot answer now.',
};

const STATUS_TEXTS: Readonly<Record<string, string>> = {
  '200': 'Done.',
  '201': 'Created.',
  '202': 'Accepted.',
  '204': 'Done; there is nothing to say.',
};

/**
 * Says in full what the routes say in short: errors and limits that all of them share, names, and bounds that follow from
 * a format. Nothing here holds for a route that does not hold for it without this.
 */
export function completeDocument(document: RouteDocument): object {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const tags = [...new Set(operations.flatMap(({ tags: names = [] }) => names))].toSorted();
  return {
    ...document,
    info: {
      ...document.info,
      contact: { name: 'Whoever /.well-known/security.txt names' },
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    },
    servers: [
      { url: '/', description: 'Any environment, production too: the host that answers.', 'x-internal': false },
    ],
    tags: tags.map((name) => ({ name, description: `Routes under ${name}.` })),
    paths: mapValues(document.paths, (path, url) =>
      mapValues(path, (operation, method) => completeOperation(url, method, operation)),
    ),
    components: {
      ...document.components,
      headers: ALL_HEADERS,
      schemas: { Problem: withBounds(Problem) },
      responses: mapValues(PROBLEM_DESCRIPTIONS, problemResponse),
    },
  };
}

function completeOperation(url: string, method: string, operation: Operation): object {
  const { parameters = [], responses, security = [] } = operation;
  const own = Object.entries(responses).filter(([status]) => /^\d{3}$/.test(status));
  const shared = Object.entries(SHARED_PROBLEMS).map(([status, name]) => [
    status,
    { $ref: `#/components/responses/${name}` },
  ]);
  return {
    operationId: operationIdOf(method, url),
    ...(withBounds(operation) as object),
    security,
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(completeParameter) }),
    // What a route says of an error itself stands in the place of what all of them say.
    responses: Object.fromEntries([
      ...shared,
      ...own.map(([status, response]) => [status, completeResponse(status, response)]),
    ]) as object,
  };
}

/** `GET /api/users/{id}` → `getUsersById`. */
function operationIdOf(method: string, url: string): string {
  const words = url
    .replace(/^\/api\//, '')
    .split(/[^\w{}]+/)
    .filter((word) => word !== '')
    .map((word) => (word.startsWith('{') ? `By${capitalise(word.slice(1, -1))}` : capitalise(word)));
  return [method, ...words].join('');
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A parameter of a path names what the path is about. */
function completeParameter(parameter: Part): object {
  const described = withBounds(parameter) as Part;
  return { description: `The ${String(parameter['name'])} of what is asked for.`, ...described };
}

function completeResponse(status: string, response: Part): object {
  const description = STATUS_TEXTS[status] ?? `Status ${status}.`;
  return { ...(withBounds(response) as Part), description, headers: mapValues(SHARED_HEADERS, refToHeader) };
}

function problemResponse(description: string): object {
  return {
    description: `${description} (RFC 9457)`,
    headers: mapValues(ALL_HEADERS, refToHeader),
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function refToHeader(_header: object, name: string): object {
  return { $ref: `#/components/headers/${name}` };
}

function textHeader(description: string): object {
  return { description, schema: { type: 'string', maxLength: 255 } };
}

function countHeader(description: string): object {
  return { description, schema: { type: 'integer', format: 'int32', minimum: 0, maximum: INT32_MAX } };
}
