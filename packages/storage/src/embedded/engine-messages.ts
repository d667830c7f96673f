/**
 * What goes over the wire between the process that has the engine and the one that borrows it. Both ends are processes of
 * one start, of the same code: nobody else writes here, and nothing of it is checked.
 */
export interface EngineCall {
  readonly engineCall: number;
  /** `end` commits, and `rollback` undoes; each needs the transaction that `begin` was answered for. */
  readonly operation: 'query' | 'begin' | 'end' | 'rollback';
  /** The call that began the transaction. */
  readonly transaction?: number;
  readonly text?: string;
  readonly parameters?: readonly unknown[];
}

export interface EngineAnswer {
  readonly engineAnswer: number;
  readonly results?: unknown;
  /** The message of an error, and its own properties: a structured clone keeps neither SQLSTATE nor constraint. */
  readonly fault?: { readonly message: string; readonly properties: Readonly<Record<string, unknown>> };
}

/** A pair of ends that carry structured clones, in order: two processes with `serialization: 'advanced'`. */
export interface EngineChannel {
  send(message: EngineCall | EngineAnswer): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the other end is gone. */
  onClose(listener: () => void): void;
}

export function isEngineCall(message: unknown): message is EngineCall {
  return typeof message === 'object' && message !== null && 'engineCall' in message;
}

export function isEngineAnswer(message: unknown): message is EngineAnswer {
  return typeof message === 'object' && message !== null && 'engineAnswer' in message;
}
