import { Buffer } from 'node:buffer';
import { writeSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogDestination } from './destination.ts';

/** Milliseconds that a line may wait for others: one system call for all of them, and logs still look live. */
const flushIntervalMs = 100;

/** UTF-16 units that are written without waiting: a quarter of what an empty pipe takes at once. */
const flushThresholdUnits = 16_384;

/**
 * UTF-16 units that wait at most. A collector that stops reading must not take the service with it, neither by
 * blocking the event loop nor by growing the heap: beyond this, lines are dropped and counted.
 */
const maxPendingUnits = 33_554_432;

/** Milliseconds between attempts on a descriptor that takes nothing. */
const retryDelayMs = 20;

/** Attempts of a flush, two seconds in all: a shutdown has ten for everything (SR-38). */
const maxFlushAttempts = 100;

const lineBreak = 10;

/** What a caller of `createBufferedDestination` may choose. */
export interface BufferedDestinationOptions {
  /** The file descriptor, 1 (stdout) by default. */
  readonly fileDescriptor?: number;
  readonly maxPendingUnits?: number;
  /** Told, once writing works again, how many lines were dropped. */
  readonly onDropped?: (lines: number) => void;
}

/**
 * A destination that gathers lines and writes them together, after 100 ms or when 16 KiB are waiting. What waits when
 * the process exits, by an exception too, is written then, in order and never inside another line. Only a signal that
 * kills the process loses lines, at most those of the last 100 ms.
 *
 * Writes are synchronous on a descriptor that does not block: a write in the thread pool cannot be waited for at exit,
 * and tears the lines written beside it. pino's own destination has that flaw, and measures its whole buffer again for
 * each line.
 */
export function createBufferedDestination(options: BufferedDestinationOptions = {}): LogDestination {
  const destination = new BufferedDestination(options);
  process.on('exit', () => destination.flushSync());
  return destination;
}

class BufferedDestination implements LogDestination {
  readonly #fileDescriptor: number;
  readonly #maxPendingUnits: number;
  readonly #onDropped: (lines: number) => void;
  #pending = '';
  #chunk: Buffer = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  /** The descriptor took nothing: no attempt before the timer ends. */
  #isFull = false;
  #droppedLines = 0;
  /** The last byte that was written is no line break. */
  #isInsideLine = false;

  constructor({ fileDescriptor = 1, maxPendingUnits: limit = maxPendingUnits, onDropped }: BufferedDestinationOptions) {
    this.#fileDescriptor = fileDescriptor;
    this.#maxPendingUnits = limit;
    this.#onDropped = onDropped ?? (() => undefined);
    makeNonBlocking(fileDescriptor);
  }

  write(line: string): void {
    if (this.#pending.length + this.#chunk.length + line.length > this.#maxPendingUnits) {
      this.#droppedLines += 1;
      return;
    }
    this.#pending += line;
    if (this.#pending.length >= flushThresholdUnits && !this.#isFull) this.#drain();
    else this.#drainLater(flushIntervalMs);
  }

  async flush(): Promise<void> {
    for (let attempt = 0; attempt < maxFlushAttempts && !this.#drain(); attempt += 1) await delay(retryDelayMs);
  }

  flushSync(): void {
    for (let attempt = 0; attempt < maxFlushAttempts && !this.#drain(); attempt += 1) sleep(retryDelayMs);
  }

  #drainLater(delayMs: number): void {
    this.#timer ??= setTimeout(() => this.#drain(), delayMs).unref();
  }

  /** Writes what the descriptor takes; whether that was everything. */
  #drain(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    do {
      if (this.#chunk.length === 0) this.#takePending();
      this.#isFull = !this.#writeChunk();
    } while (!this.#isFull && this.#pending !== '');
    if (this.#isFull) this.#drainLater(retryDelayMs);
    return !this.#isFull;
  }

  #takePending(): void {
    this.#chunk = Buffer.from(this.#pending);
    this.#pending = '';
  }

  /** Whether the chunk is done with: written, or given up. */
  #writeChunk(): boolean {
    try {
      while (this.#chunk.length > 0) this.#advance(writeSync(this.#fileDescriptor, this.#chunk));
    } catch (error) {
      if (isFull(error)) return false;
      this.#giveUpChunk();
      return true;
    }
    this.#reportDropped();
    return true;
  }

  #advance(written: number): void {
    this.#isInsideLine = this.#chunk[written - 1] !== lineBreak;
    this.#chunk = this.#chunk.subarray(written);
  }

  /** The descriptor refused (a closed pipe, a full disk): the lines are counted, and told when writing works again. */
  #giveUpChunk(): void {
    this.#droppedLines += this.#chunk.toString('latin1').split('\n').length - 1;
    this.#chunk = Buffer.alloc(0);
    if (this.#isInsideLine) this.#pending = `\n${this.#pending}`;
    this.#isInsideLine = false;
  }

  #reportDropped(): void {
    const lines = this.#droppedLines;
    this.#droppedLines = 0;
    if (lines > 0) this.#onDropped(lines);
  }
}

/**
 * Node opens stdout, when it is a pipe or a socket, without blocking; the first look at `process.stdout` does it.
 * Files never block for long; a terminal may, for the person in front of it.
 */
function makeNonBlocking(fileDescriptor: number): void {
  if (fileDescriptor === 1) void process.stdout;
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
