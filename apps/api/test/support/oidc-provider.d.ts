/** What the tests use of `oidc-provider` 9, which ships no types. Names as in its documentation. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    readonly Client: { find(id: string): Promise<unknown> };
    readonly IdToken: new (
      claims: Readonly<Record<string, unknown>>,
      context: { readonly ctx?: undefined; readonly client: unknown },
    ) => {
      scope: string;
      set(name: string, value: unknown): void;
      issue(options: { use: 'idtoken' }): Promise<string>;
    };
  }
}
