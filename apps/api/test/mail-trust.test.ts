import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SettingsError } from '@redoubt/config';
import { createTestAuthority } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { mailTrust } from '../src/mail/open-mailer.ts';

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mail-trust-'));
  file = join(directory, 'ca.pem');
});
afterAll(() => rm(directory, { recursive: true }));

describe('the authorities that the mail server is believed by', () => {
  it('SR-28, SR-52: are read anew for each connection', async () => {
    const [first, second] = [createTestAuthority().certificate, createTestAuthority().certificate];
    await writeFile(file, first);
    const { ca } = mailTrust({ MAIL_CA_FILE: file });
    expect(ca?.()).toBe(first);
    await writeFile(file, second);
    expect(ca?.()).toBe(second);
  });

  it('SR-53: stop the start when they cannot be read', async () => {
    await writeFile(file, 'no certificate');
    expect(() => mailTrust({ MAIL_CA_FILE: file })).toThrow(SettingsError);
  });

  it('SR-28: are the public ones when no file is named', () => {
    expect(mailTrust({ MAIL_CA_FILE: undefined } as never)).toEqual({});
  });
});
