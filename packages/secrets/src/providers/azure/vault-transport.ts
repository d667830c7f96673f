import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { SecretErrorCode } from '../../secret-error.ts';
import { AzureFault } from './azure-fault.ts';

const codesOfStatuses: ReadonlyMap<number, SecretErrorCode> = new Map([
  [403, 'access-denied'],
  [404, 'not-found'],
  [408, 'unavailable'],
  [429, 'throttled'],
]);

/**
 * Judges what a key vault answers before the SDK sees it: of a failure the status tells what it is, and the SDK, which
 * quotes bodies in its messages and trips over empty ones, gets none of its body.
 */
export class VaultTransport implements HttpClient {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** @throws {AzureFault} for every answer but a secret and a demand to sign in, which the SDK meets. */
  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    const response = await this.#http.sendRequest(request);
    if (response.status === 200) return response;
    if (response.status === 401) return { ...response, bodyAsText: '{}' };
    throw failureOf(response);
  }
}

function failureOf({ status, bodyAsText }: PipelineResponse): AzureFault {
  if (status === 403 && isOfDisabledSecret(bodyAsText ?? '')) return new AzureFault('not-found', 'It is disabled.');
  const code = codesOfStatuses.get(status) ?? (status >= 500 ? 'unavailable' : 'malformed-answer');
  return new AzureFault(code, `Status ${status}`);
}

/** Key Vault answers 403 for a disabled version, whoever asks; the reason is one level down (Key Vault REST API). */
function isOfDisabledSecret(body: string): boolean {
  try {
    const inner = propertyOf(propertyOf(JSON.parse(body), 'error'), 'innererror');
    return propertyOf(inner, 'code') === 'SecretDisabled';
  } catch {
    // No JSON, and so none of its reasons: the status alone counts.
    return false;
  }
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
