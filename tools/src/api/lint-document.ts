import { Spectral } from '@stoplight/spectral-core';

import { apiRuleset } from './api-ruleset.ts';

/** One place of a document that breaks a rule, whatever its severity: none is let pass. */
export interface ApiFinding {
  readonly rule: string;
  /** Such as `paths./api/users.get.responses`. */
  readonly place: string;
  readonly message: string;
}

/** Holds an OpenAPI document, read from its JSON, to the rules of the house. Nothing is fetched. */
export async function lintDocument(document: unknown): Promise<readonly ApiFinding[]> {
  const spectral = new Spectral();
  spectral.setRuleset(apiRuleset);
  const results = await spectral.run(document as Record<string, unknown>);
  return results.map(({ code, path, message }) => ({ rule: String(code), place: path.join('.'), message }));
}
