import { type AccessRule, decide, type Decision, type DeniedAs, type Requirement } from '@redoubt/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { principalOf } from './05-authenticate.ts';
import type { RequestObserver } from './request-observer.ts';

type Done = (error?: Error) => void;

/** Makes step 6 for one route: its own rule decides, and a rule that fails denies (SR-1, SR-30). */
export function createAuthorize(rule: AccessRule, observer: Pick<RequestObserver, 'denied' | 'granted'>) {
  const challenge = stepUpChallenge(rule.requires);
  return (request: FastifyRequest, _reply: FastifyReply, done: Done): void => {
    const conclude = (decision: Decision): void => {
      if (decision === 'allow') {
        observer.granted(request, rule);
        done();
        return;
      }
      observer.denied(request, rule);
      done(denial(decision.deniedAs, challenge));
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

function denial(deniedAs: DeniedAs, challenge: Readonly<Record<string, string>>): AppError {
  return new AppError(deniedAs, deniedAs === 'insufficient-authentication' ? { headers: challenge } : {});
}

/** Tells a client that the token is good and the sign-in too old, and how old it may be (RFC 9470, section 3; SR-54). */
function stepUpChallenge(requirement: Requirement): Readonly<Record<string, string>> {
  const maxAge = Math.min(...maxAgesOf(requirement));
  const challenge = 'Bearer error="insufficient_user_authentication"';
  return { 'www-authenticate': Number.isFinite(maxAge) ? `${challenge}, max_age=${maxAge}` : challenge };
}

function maxAgesOf(requirement: Requirement): readonly number[] {
  if (requirement.kind === 'recent-sign-in') return [requirement.withinSeconds];
  return 'of' in requirement ? requirement.of.flatMap(maxAgesOf) : [];
}
