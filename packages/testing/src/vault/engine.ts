import type { JsonObject, VaultReply } from './reply.ts';
import type { TokenEntry } from './token-store.ts';

/** A request as a secrets engine or an auth method sees it: with the path below its mount. */
export interface EngineCall {
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
}

/** The same, with the token that it was made with. */
export interface AuthenticatedCall extends EngineCall {
  readonly token: TokenEntry;
}

/** A secrets engine. */
export interface Engine {
  readonly type: string;
  readonly options: JsonObject | null;
  handle(call: AuthenticatedCall): VaultReply | Promise<VaultReply>;
}

/** An auth method. `login` is the one path that needs no token. */
export interface AuthMethod {
  logIn(body: JsonObject): VaultReply | Promise<VaultReply>;
  configure(call: EngineCall): VaultReply;
}
