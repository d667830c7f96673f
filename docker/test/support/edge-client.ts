import { Agent, fetch, type RequestInit } from 'undici';

import { origin, readAuthority } from './stack.ts';

/** An answer of the edge, read whole. */
export interface EdgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Asks the stack through its edge, believing the stack's own authority and no other. */
export class EdgeClient {
  readonly #agent: Agent;

  private constructor(agent: Agent) {
    this.#agent = agent;
  }

  static async create(): Promise<EdgeClient> {
    return new EdgeClient(new Agent({ connect: { ca: await readAuthority() }, allowH2: false }));
  }

  /** @throws {TypeError} when no answer comes. */
  async ask(path: string, { headers, ...init }: RequestInit = {}): Promise<EdgeAnswer> {
    const response = await fetch(new URL(path, origin), {
      ...init,
      ...(headers === undefined ? {} : { headers }),
      redirect: 'manual',
      dispatcher: this.#agent,
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  }

  /** Sends a body in JSON. */
  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<EdgeAnswer> {
    const all = { ...headers, 'content-type': 'application/json' };
    return this.ask(path, { method: 'POST', headers: all, body: JSON.stringify(body) });
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}
