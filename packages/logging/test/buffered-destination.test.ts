import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { closeLogger, createBufferedDestination, createLogger, flushLoggerSync } from '../src/index.ts';

interface Ended {
  readonly output: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

async function run(fixture: string, argument = ''): Promise<Ended> {
  const path = join(import.meta.dirname, 'fixtures', fixture);
  const child = spawn(process.execPath, [path, argument], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (code, signal) => resolve([code, signal]));
  });
  const [output, [code, signal]] = await Promise.all([text(child.stdout), ended]);
  return { output, code, signal };
}

function parseLines(output: string): Record<string, unknown>[] {
  expect(output.endsWith('\n')).toBe(true);
  return output
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a process that logs 10,000 lines', () => {
  const endings: [ending: string, lines: number, code: number | null, signal: NodeJS.Signals | null][] = [
    ['runs out of work', 10_000, 0, null],
    ['exits', 10_000, 0, null],
    ['throws', 10_000, 1, null],
    ['rejects', 10_000, 1, null],
    ['flushes synchronously and is killed', 10_000, null, 'SIGKILL'],
    ['closes the logger and is killed', 10_000, null, 'SIGKILL'],
    ['goes on for some turns and exits', 10_050, 0, null],
    ['logs after closing', 10_001, 0, null],
  ];
  for (const [ending, lines, code, signal] of endings) {
    it(`SR-38: loses none of them when it ${ending}`, async () => {
      const ended = await run('log-and-end.ts', ending);
      expect([ended.code, ended.signal]).toEqual([code, signal]);
      const parsed = parseLines(ended.output);
      expect(parsed).toHaveLength(lines);
      expect(parsed.filter(({ msg }) => msg === 'request').map(({ durationMs }) => durationMs)).toEqual(
        Array.from({ length: 5_000 }, (_, index) => index),
      );
    });
  }
});

describe('the buffered destination', () => {
  const directory = mkdtempSync(join(tmpdir(), 'logging-'));
  const path = join(directory, 'log');
  const before = process.listeners('exit');

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  afterEach(() => {
    for (const listener of process.listeners('exit')) if (!before.includes(listener)) process.off('exit', listener);
    rmSync(path, { force: true });
  });

  it('SR-40: neither blocks nor grows when nobody reads: drops what exceeds its bound, and says how much', async () => {
    const path = join(import.meta.dirname, 'fixtures', 'overflow.ts');
    const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'pipe'] });
    await once(child.stderr, 'data');

    const lines = parseLines(await text(child.stdout));
    const written = lines.filter(({ msg }) => msg !== 'dropped');
    expect(written.length).toBeLessThan(9_000);
    expect(written.map(({ index }) => index)).toEqual(written.map((_, index) => index));
    expect(lines.filter(({ msg }) => msg === 'dropped')).toMatchObject([
      { level: 'error', lines: 10_000 - written.length },
    ]);
  });

  it('survives a descriptor that refuses, and reports the lost lines when it works again', async () => {
    const broken = openSync('/dev/null', 'r');
    const reported: number[] = [];
    const destination = createBufferedDestination({ fileDescriptor: broken, onDropped: (n) => reported.push(n) });
    destination.write('one\n');
    destination.write('two\n');
    await destination.flush?.();
    expect(reported).toEqual([]);
    closeSync(broken);

    const reopened = openSync(path, 'w');
    expect(reopened).toBe(broken);
    destination.write('three\n');
    await destination.flush?.();
    expect(reported).toEqual([2]);
    expect(readFileSync(path, 'utf8')).toBe('three\n');
    closeSync(reopened);
  });

  it('hands over everything before a synchronous flush returns', () => {
    const fileDescriptor = openSync(path, 'w');
    const logger = createLogger({
      service: 'example',
      level: 'info',
      destination: createBufferedDestination({ fileDescriptor }),
    });
    logger.info('now');
    expect(readFileSync(path, 'utf8')).toBe('');
    flushLoggerSync(logger.child({}));
    expect(parseLines(readFileSync(path, 'utf8'))).toHaveLength(1);
    closeSync(fileDescriptor);
  });

  it('closes at once when nothing waits, and without a flush of the destination', async () => {
    const logger = createLogger({ service: 'example', level: 'info' });
    await expect(closeLogger(logger)).resolves.toBeUndefined();
    flushLoggerSync(logger);

    const simple = createLogger({ service: 'example', level: 'info', destination: { write: () => undefined } });
    await expect(closeLogger(simple)).resolves.toBeUndefined();
    flushLoggerSync(simple);
  });

  it('refuses a logger of another maker', async () => {
    await expect(closeLogger(pino({ enabled: false }))).rejects.toThrow(TypeError);
    expect(() => flushLoggerSync(pino({ enabled: false }))).toThrow(TypeError);
  });
});

describe('pino-pretty', () => {
  it('is not loaded by a logger that writes JSON', async () => {
    const { output, code } = await run('loaded-modules.ts');
    expect(code).toBe(0);
    expect(parseLines(output)).toHaveLength(1);
  });

  it('writes for a person what the logger has redacted', async () => {
    const { output, code } = await run('loaded-modules.ts', 'pretty');
    expect(code).toBe(1);
    expect(output).toMatch(/INFO.*: for a person \{"a":1,"password":"\[redacted\]"/);
  });
});
