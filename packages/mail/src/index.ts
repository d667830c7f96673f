export { createFolderMailer, type FolderMailerOptions } from './folder-mailer.ts';
export { MailDeliveryError } from './mail-delivery-error.ts';
export { assertMailMessage, type Mailer, type MailMessage, MailMessageError } from './mailer.ts';
export { createSmtpMailer, type SmtpMailerOptions } from './smtp-mailer.ts';
