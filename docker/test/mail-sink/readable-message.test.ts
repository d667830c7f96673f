import { Buffer } from 'node:buffer';

import { describe, expect, it } from 'vitest';

import { toReadable } from '../../src/mail-sink/readable-message.ts';

function read(...lines: string[]): string {
  return toReadable(Buffer.from(lines.join('\r\n')));
}

describe('a message as a person reads it', () => {
  it('is its subject and its text', () => {
    expect(read('From: a@b.test', 'Subject: Hello', '', 'One.', 'Two.')).toBe('Subject: Hello\n\nOne.\nTwo.');
  });

  it('has a link in one piece, that was sent quoted-printable over two lines', () => {
    const text = read(
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'https://a.test/?token=3Dab=',
      'cd gr=C3=BC=C3=9Fe',
    );
    expect(text).toContain('https://a.test/?token=abcd grüße');
  });

  it('is decoded from base64', () => {
    const encoded = Buffer.from('grüße\r\n').toString('base64');
    expect(read('content-transfer-encoding: BASE64', '', encoded)).toContain('grüße\n');
  });

  it.each(['=?UTF-8?Q?Gr=C3=BC=C3=9Fe_an?=\r\n =?UTF-8?Q?_dich?=', '=?utf-8?B?R3LDvMOfZSBhbiBkaWNo?='])(
    'has the subject %j decoded',
    (subject) => {
      expect(read(`Subject: ${subject}`, '', '')).toBe('Subject: Grüße an dich\n\n');
    },
  );

  it('SR-43: cannot move the cursor of a terminal', () => {
    const escape = '\u001b[2J';
    const shown = read('Subject: =?utf-8?B?G1sySg==?=', '', `${escape}\u202e\u0000\u009b\r.`);
    expect(shown).toBe('Subject: \u{fffd}[2J\n\n\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\u{fffd}.');
  });

  it('ends somewhere', () => {
    expect(read('', '', 'a'.repeat(100_000)).length).toBe(16_384);
  });

  it.each(['', 'no header', 'Subject', ': :', '=?', '\r\n\r\n\r\n'])('%j: is shown in some way', (source) => {
    expect(read(source)).toMatch(/^Subject: /);
  });
});
