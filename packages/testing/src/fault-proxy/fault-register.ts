import type { Fault, FaultScope, InjectedFault, SeenRequest } from './fault.ts';

/** One injected fault, as the proxy counts it. */
export interface FaultRecord {
  readonly fault: Fault;
  hits: number;
  abandoned: number;
}

interface Entry extends FaultRecord {
  readonly scope: FaultScope;
}

/** The faults that a proxy was told to make; the one injected last comes first. */
export class FaultRegister {
  #entries: Entry[] = [];

  inject(fault: Fault, scope: FaultScope): InjectedFault {
    const entry: Entry = { fault, scope, hits: 0, abandoned: 0 };
    this.#entries.unshift(entry);
    return {
      get hits() {
        return entry.hits;
      },
      get abandoned() {
        return entry.abandoned;
      },
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /** The fault that this request meets, counted; undefined where it passes. */
  take(request: SeenRequest): FaultRecord | undefined {
    const entry = this.#entries.find(
      ({ hits, scope: { times = Infinity, when = () => true } }) => hits < times && when(request),
    );
    if (entry !== undefined) entry.hits += 1;
    return entry;
  }
}
