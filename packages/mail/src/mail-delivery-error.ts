/**
 * A message could not be handed over. The reason is a code of the transport, such as `EAUTH`, `ETLS` or `ECONNECTION`:
 * the transport's own error quotes recipients and answers, and is not passed on.
 */
export class MailDeliveryError extends Error {
  override readonly name = 'MailDeliveryError';
  readonly code = 'mail_delivery';
  readonly reason: string;

  constructor(reason: string) {
    super(`the mail was not taken (${reason})`);
    this.reason = reason;
  }
}
