import { readFile } from 'node:fs/promises';

/** Linux counts processor time for user space in hundredths of a second, whatever the kernel was built with. */
const TICK_MS = 10;

/** Processor time of a process so far, all threads, user and system: milliseconds in steps of ten. */
export async function processorTimeMs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything: fields 14 and 15 of proc_pid_stat(5).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** What a process holds of the machine's memory: MiB. */
export async function residentMebibytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) / 1024;
}
