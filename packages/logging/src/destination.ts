/**
 * Where finished lines go. `write` takes one whole line, its line break included, and must not throw. `flush` resolves
 * when every line so far is handed over; `flushSync` hands over what it can before it returns.
 */
export interface LogDestination {
  write(line: string): void;
  flush?(): Promise<void>;
  flushSync?(): void;
}
