import { type AccessRule, decide, type Decision } from '@redoubt/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { principalOf } from './05-authenticate.ts';

/** Told of each denial, for the security events. */
export type OnDenied = (request: FastifyRequest, rule: AccessRule) => void;

type Done = (error?: Error) => void;

/** Makes step 6 for one route: its own rule decides, and a rule that fails denies (SR-1, SR-30). */
export function createAuthorize(rule: AccessRule, onDenied: OnDenied) {
  return (request: FastifyRequest, _reply: FastifyReply, done: Done): void => {
    const conclude = (decision: Decision): void => {
      if (decision === 'allow') {
        done();
        return;
      }
      onDenied(request, rule);
      done(new AppError(decision.deniedAs));
    };
    const decision = decide(rule, principalOf(request), request, (fault) => {
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
