import { type AccessRule, decide, type Decision, type DeniedAs, type Requirement } from '@redoubt/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { principalOf } from './05-authenticate.ts';

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
  const challenge = stepUpChallenge(rule.requires);
  return (request: FastifyRequest, _reply: FastifyReply, done: Done): void => {
    const conclude = (decision: Decision): void => {
      if (decision === 'allow') {
        done();
        return;
      }
      tell(request);
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
