import { describe, expect, it } from 'vitest';

import { assertMailMessage, MailMessageError } from '../src/index.ts';

const sound = { to: 'person@mail.example', subject: 'A subject', text: 'Two\nlines.', secrets: [] };

const breaks = ['\r\n', '\n', '\r', '\0', '\u0085', '\u2028', '\u2029', '\u000b'];

describe('a message', () => {
  it('is taken when it is one', () => {
    expect(() => assertMailMessage(sound)).not.toThrow();
    expect(() => assertMailMessage({ ...sound, to: "o'neil+tag@mail.example", subject: 'Grüße – 你好' })).not.toThrow();
  });

  it.each(breaks)('is refused with %j in its address or its subject', (mark) => {
    const injected = `a${mark}Bcc: other@mail.example`;
    expect(() => assertMailMessage({ ...sound, subject: injected })).toThrow(MailMessageError);
    expect(() => assertMailMessage({ ...sound, to: `${sound.to}${mark}` })).toThrow(MailMessageError);
    expect(() => assertMailMessage({ ...sound, to: `${mark}${sound.to}` })).toThrow(MailMessageError);
  });

  it.each([
    '',
    'person',
    'a@b.example,c@d.example',
    'a@b.example;c@d.example',
    'a@b.example c@d.example',
    '<a@b.example>',
    'Name <a@b.example>',
    '"a@x.example,"@b.example',
    'a(comment)@b.example',
    'group:a@b.example;',
    'a@b@c.example',
    'ä@b.example',
    `${'a'.repeat(65)}@b.example`,
    `a@${'b'.repeat(254)}`,
  ])('is refused with the address %j', (to) => {
    expect(() => assertMailMessage({ ...sound, to })).toThrow(MailMessageError);
  });

  it('is refused with a carriage return in its text, or without a subject', () => {
    expect(() => assertMailMessage({ ...sound, text: 'a\r\n.\r\n' })).toThrow(MailMessageError);
    expect(() => assertMailMessage({ ...sound, subject: '' })).toThrow(MailMessageError);
  });

  it('says which field it was, and nothing of it', () => {
    expect(() => assertMailMessage({ ...sound, to: 'c4n4ry\n' })).toThrow(
      /^the mail's to is not one that may be sent$/,
    );
  });
});
