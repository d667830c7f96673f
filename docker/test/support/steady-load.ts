import { randomUUID } from 'node:crypto';

import type { EdgeClient } from './edge-client.ts';

/** A request of the load that was not answered as it should have been. */
export interface FailedRequest {
  readonly name: string;
  readonly what: string;
  /** When it was sent, in milliseconds of `performance.now()`. */
  readonly sentAt: number;
  /** The create that it was, to be sent again. */
  readonly write?: { readonly key: string; readonly email: string };
}

/** Clients that ask without pause: reads and idempotent writes of an administrator, and reads of somebody unknown. */
export class SteadyLoad implements AsyncDisposable {
  readonly failed: FailedRequest[] = [];
  answered = 0;
  /** The first create that was answered, with the id that the answer has. */
  created: (NonNullable<FailedRequest['write']> & { readonly id: string }) | undefined;
  readonly #client: EdgeClient;
  readonly #authorization: string;
  readonly #work: Promise<unknown>;
  #isOver = false;

  /** Starts `clients` of them. */
  constructor(client: EdgeClient, authorization: string, clients: number) {
    this.#client = client;
    this.#authorization = authorization;
    this.#work = Promise.all(Array.from({ length: clients }, (_, index) => this.#goOn(index)));
  }

  /** Resolves once every request has its answer. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#work;
  }

  /** Of a test that has failed: its load would go on. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Sends a create again, with its key. */
  async repeat({
    key,
    email,
  }: {
    readonly key: string;
    readonly email: string;
  }): Promise<{ status: number; id: string }> {
    const { status, body } = await this.#create(key, email);
    return { status, id: idIn(body) };
  }

  async #goOn(first: number): Promise<void> {
    for (let turn = first; !this.#isOver; turn += 1) {
      if (turn % 3 === 0) await this.#write();
      else if (turn % 3 === 1) await this.#expect('read', 200, () => this.#read('/api/users/me'));
      else await this.#expect('anonymous read', 401, () => this.#client.ask('/api/users/me'));
    }
  }

  #read(path: string) {
    return this.#client.ask(path, { headers: { authorization: this.#authorization } });
  }

  async #write(): Promise<void> {
    const write = { key: randomUUID(), email: `${randomUUID()}@mail.example` };
    const send = async () => {
      const answer = await this.#create(write.key, write.email);
      if (answer.status === 201) this.created ??= { ...write, id: idIn(answer.body) };
      return answer;
    };
    await this.#expect('write', 201, send, write);
  }

  #create(key: string, email: string) {
    const headers = { authorization: this.#authorization, 'idempotency-key': key };
    return this.#client.post('/api/users', { email }, headers);
  }

  async #expect(
    name: string,
    status: number,
    ask: () => Promise<{ status: number }>,
    write?: FailedRequest['write'],
  ): Promise<void> {
    const sentAt = performance.now();
    const fail = (what: string) => this.failed.push({ name, what, sentAt, ...(write && { write }) });
    try {
      const answer = await ask();
      if (answer.status === status) this.answered += 1;
      else fail(String(answer.status));
    } catch (error) {
      fail(error instanceof Error ? `${error.message}: ${String(error.cause)}` : String(error));
    }
  }
}

function idIn(body: string): string {
  return (JSON.parse(body) as { id: string }).id;
}
