import { randomUUID } from 'node:crypto';

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What the stand-in answers. */
export interface VaultReply {
  readonly status: number;
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an engine or an auth method says; the rest of the envelope is around it (HTTP API, sample responses). */
interface EnvelopeParts {
  readonly data?: JsonObject | null;
  readonly auth?: JsonObject;
  readonly wrap_info?: JsonObject;
  readonly lease_id?: string;
  readonly lease_duration?: number;
  readonly renewable?: boolean;
}

/** A success with something to say. */
export function succeeded(parts: EnvelopeParts): VaultReply {
  return { status: 200, body: envelope(parts) };
}

/** A success without. */
export const DONE: VaultReply = { status: 204 };

/** An error, as every path answers it (HTTP API, "Error response"). */
export function failed(status: number, ...errors: readonly string[]): VaultReply {
  return { status, body: { errors } };
}

/** Nothing is there; some engines say what is left of it. */
export function missing(data?: JsonObject): VaultReply {
  return data === undefined ? failed(404) : { status: 404, body: envelope({ data }) };
}

/** What a token may not do, and what nobody may do with a token that the server does not know. */
export const DENIED: VaultReply = failed(403, 'permission denied');

function envelope(parts: EnvelopeParts): JsonObject {
  return {
    request_id: randomUUID(),
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings: null,
    auth: null,
    ...parts,
  };
}

/** A number of seconds in a body; 0 where there is none. */
export function secondsIn(body: JsonObject, name: string): number {
  const value = body[name];
  return typeof value === 'number' ? value : 0;
}

/** A text in a body; empty where there is none. */
export function textIn(body: JsonObject, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

/** A list of texts in a body; empty where there is none. */
export function textsIn(body: JsonObject, name: string): readonly string[] {
  const value = body[name];
  return Array.isArray(value) ? value.map(String) : [];
}
