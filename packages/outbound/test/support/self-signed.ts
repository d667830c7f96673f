import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestCertificate } from '@redoubt/testing';

/** Makes a certificate that signed itself for a name, such as `DNS:localhost`; new each time. */
export function createSelfSigned(subjectAlternativeName: string): TestCertificate {
  const directory = mkdtempSync(join(tmpdir(), 'self-signed-'));
  const [keyFile, certificateFile] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  const subject = ['-subj', '/CN=self', '-addext', `subjectAltName=${subjectAlternativeName}`, '-days', '1'];
  try {
    execFileSync('openssl', ['req', '-x509', ...key, ...subject, '-out', certificateFile], { stdio: 'ignore' });
    return { certificate: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
