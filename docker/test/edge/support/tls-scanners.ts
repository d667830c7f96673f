import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { EDGE_PORT, readAuthority, stackEnvironment } from '../../support/stack.ts';
import { EDGE_NAME } from './raw-exchange.ts';

const run = promisify(execFile);

/** A scanner's opinion of one thing. */
export interface Finding {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
}

/** Both write warnings about what they cannot ask for themselves; it is not the edge's. */
const NOT_OF_THE_EDGE = new Set(['OK', 'INFO', 'WARN', 'DEBUG']);

/** The Debian packages that are not installed; empty when all are. */
export async function missingScanners(): Promise<readonly string[]> {
  const commands = { sslscan: 'sslscan', testssl: 'testssl.sh' };
  const missing = await Promise.all(
    Object.entries(commands).map(async ([command, packageName]) => {
      try {
        await run('which', [command]);
        return [];
      } catch {
        // Told to the caller, who skips or fails.
        return [packageName];
      }
    }),
  );
  return missing.flat();
}

/** What sslscan finds, as XML. */
export async function scanWithSslscan(): Promise<string> {
  const { stdout } = await run('sslscan', [
    '--no-colour',
    '--xml=-',
    `--sni-name=${EDGE_NAME}`,
    `127.0.0.1:${EDGE_PORT}`,
  ]);
  return stdout;
}

/**
 * What testssl.sh finds when it looks for everything that it knows. The stack's authority is believed.
 */
export async function scanWithTestssl(): Promise<readonly Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), 'testssl-'));
  const [authority, report] = [join(folder, 'authority.pem'), join(folder, 'report.json')];
  writeFileSync(authority, await readAuthority());
  const options = ['--quiet', '--color', '0', '--warnings', 'off', '--ip', '127.0.0.1', '--add-ca', authority];
  try {
    await run('testssl', [...options, '--jsonfile', report, `${EDGE_NAME}:${EDGE_PORT}`], {
      env: stackEnvironment,
    });
  } catch (error) {
    // The exit code counts what it found; a scan that did not happen has no report, and the next line throws.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  const findings = JSON.parse(readFileSync(report, 'utf8')) as Finding[];
  rmSync(folder, { recursive: true });
  return findings;
}

/** How many bytes each session that the edge offers may send with its first flight, as openssl reads it. */
export async function earlyDataLimits(): Promise<readonly number[]> {
  const place = ['-connect', `127.0.0.1:${EDGE_PORT}`, '-servername', EDGE_NAME];
  const scan = run('openssl', ['s_client', '-tls1_3', '-ign_eof', ...place]);
  // Sessions are offered after the handshake: an answer is waited for.
  scan.child.stdin?.end(`GET /metrics HTTP/1.1\r\nHost: ${EDGE_NAME}\r\nConnection: close\r\n\r\n`);
  const { stdout } = await scan;
  return [...stdout.matchAll(/Max Early Data: (\d+)/g)].map(([, bytes]) => Number(bytes));
}

/** Those that somebody should do something about. */
export function seriousFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => !NOT_OF_THE_EDGE.has(severity));
}
