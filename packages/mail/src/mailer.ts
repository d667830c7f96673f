/** A message to one person, in plain text. */
export interface MailMessage {
  /** One address, without a name. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Parts of the text that no log may show: one-time tokens. */
  readonly secrets: readonly string[];
}

/** Sends messages to people. */
export interface Mailer {
  /**
   * Resolves when the message has been handed over; that is not yet its arrival.
   *
   * @throws {MailMessageError} for a message that is not one, before anything is sent.
   * @throws {MailDeliveryError} when it could not be handed over.
   */
  send(message: MailMessage): Promise<void>;
  /** Ends idle connections. */
  close(): Promise<void>;
}

/** A message that would be more than one message, or none. Nothing of the message is in the error. */
export class MailMessageError extends TypeError {
  override readonly name = 'MailMessageError';
  readonly code = 'mail_message';

  constructor(field: 'to' | 'subject' | 'text') {
    super(`the mail's ${field} is not one that may be sent`);
  }
}

/** RFC 5321, section 4.5.3.1.3, less the brackets. */
const MAX_ADDRESS_LENGTH = 254;
/** RFC 5322, section 2.1.1, asks for lines of 78; a long subject is somebody else's text. */
const MAX_SUBJECT_LENGTH = 150;
const MAX_TEXT_LENGTH = 16 * 1024;

/** One address: nothing that separates, quotes, comments or groups addresses, and nothing outside ASCII. */
const SINGLE_ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}$/;

/** Anything that ends a line for any reader, and every other control character. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** A text has lines; nothing else of that kind. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
const TEXT_CONTROL_CHARACTER = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

/**
 * Refuses a message whose fields could add a header, a recipient or a second message.
 *
 * @throws {MailMessageError} naming the field.
 */
export function assertMailMessage({ to, subject, text }: MailMessage): void {
  if (to.length > MAX_ADDRESS_LENGTH || !SINGLE_ADDRESS.test(to)) throw new MailMessageError('to');
  if (subject === '' || subject.length > MAX_SUBJECT_LENGTH || CONTROL_CHARACTER.test(subject))
    throw new MailMessageError('subject');
  if (text.length > MAX_TEXT_LENGTH || TEXT_CONTROL_CHARACTER.test(text)) throw new MailMessageError('text');
}
