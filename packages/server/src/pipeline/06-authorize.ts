import { type AccessRule, decide, type Decision } from '@redoubt/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { callerOf } from './05-authenticate.ts';

/** Told of each denial, for the security events. */
export type OnDenied = (request: FastifyRequest, rule: AccessRule) => void;

type Done = (error?: Error) => void;

/** Makes step 6 for one route: its own rule decides, and a rule that fails denies (SR-1, SR-30). */
export function createAuthorize(rule: AccessRule, onDenied: OnDenied) {
  const tell = (request: FastifyRequest): void => {
    try {
      onDenied(request, rule);
    } catch (error) {
      // The denial stands even when nobody could be told of it.
      request.log.error({ err: error, rule: rule.name }, 'a denial could not be reported');
    }
  };
  return (request: FastifyRequest, _reply: FastifyReply, done: Done): void => {
    const conclude = (decision: Decision): void => {
      if (decision === 'allow') {
        done();
        return;
      }
      tell(request);
      done(new AppError(decision.deniedAs));
    };
    const decision = decide(rule, callerOf(request), request, (fault) => {
      request.log.error({ err: fault, rule: rule.name }, 'an access rule failed and denied');
    });
    if (decision instanceof Promise) {
      // decide() turns every fault into a denial, so this promise does not reject.
      void decision.then(conclude);
      return;
    }
    conclude(decision);
  };
}
