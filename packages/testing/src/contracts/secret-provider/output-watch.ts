import process from 'node:process';
import { inspect } from 'node:util';
import { vi } from 'vitest';

/** Keeps what is written while it watches. */
export interface OutputWatch {
  text(): string;
  end(): void;
}

const CONSOLE_METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** Watches the console, both streams and the process's warnings, and holds them back from nobody. */
export function watchOutput(): OutputWatch {
  const spies = [
    ...CONSOLE_METHODS.map((method) => vi.spyOn(console, method)),
    vi.spyOn(process.stdout, 'write'),
    vi.spyOn(process.stderr, 'write'),
    vi.spyOn(process, 'emitWarning'),
  ];
  return {
    text: () =>
      spies
        .flatMap((spy): readonly unknown[] => spy.mock.calls)
        .map((call) => inspect(call, { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity }))
        .join('\n'),
    end: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
