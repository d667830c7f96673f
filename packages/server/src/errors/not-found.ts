import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import findMyWay from 'find-my-way';

import { AppError } from './app-error.ts';

/** Knows which methods each path offers, so that a wrong one is 405 with `Allow` and not 404 (SR-35). */
export interface MethodIndex {
  add(method: string, pattern: string): void;
  /** The methods of the path, sorted; empty when no route has it. */
  methodsOf(path: string): readonly string[];
}

/** Creates an index over the same router that Fastify uses, so that both read a path alike. */
export function createMethodIndex(): MethodIndex {
  const router = findMyWay({ caseSensitive: true, ignoreTrailingSlash: false, ignoreDuplicateSlashes: false });
  const byPattern = new Map<string, Set<string>>();
  return {
    add(method, pattern) {
      const known = byPattern.get(pattern);
      if (known !== undefined) {
        known.add(method);
        return;
      }
      const methods = new Set([method]);
      byPattern.set(pattern, methods);
      router.on('GET', pattern, () => undefined, methods);
    },
    methodsOf(path) {
      const methods = router.find('GET', path)?.store as Set<string> | undefined;
      return [...(methods ?? [])].toSorted();
    },
  };
}

/** Installs the answer to what no route takes: 405 where the path exists, 404 everywhere else. */
export function installNotFound(app: FastifyInstance, index: MethodIndex): void {
  app.setNotFoundHandler((request) => {
    throw notFound(request, index);
  });
}

type Done = (error?: Error) => void;
type Hook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void;

/** Makes the hook that refuses what no route takes before its body is read, and counts who asks for it (SR-22). */
export function createRefuseUnknown(index: MethodIndex, count: Hook): Hook {
  return (request, reply, done) => {
    if (!request.is404) {
      done();
      return;
    }
    count(request, reply, (limited) => done(limited ?? notFound(request, index)));
  };
}

function notFound(request: FastifyRequest, index: MethodIndex): AppError {
  const path = (request.raw.url ?? '').split('?', 1)[0] ?? '';
  const methods = index.methodsOf(path);
  const offered = methods.includes(request.method) ? [] : methods;
  if (offered.length === 0) return new AppError('not-found');
  return new AppError('method-not-allowed', { headers: { allow: offered.join(', ') } });
}
