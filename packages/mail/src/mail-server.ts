/** RFC 8314, section 3: implicit TLS, and submission with STARTTLS. */
const SMTPS_PORT = 465;
const SUBMISSION_PORT = 587;

/** Where the server is, and as whom to sign in; nobody: an empty name. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string;
}

/** @throws {TypeError} for a URL of another scheme, or one with a password in it. */
export function parseMailServer(url: string): MailServer {
  const { protocol, hostname, port, username, password } = new URL(url);
  if (protocol !== 'smtp:' && protocol !== 'smtps:') throw new TypeError('mail goes by smtp: or smtps:');
  if (password !== '') throw new TypeError('the password of the mail server does not belong in its URL');
  const secure = protocol === 'smtps:';
  const defaultPort = secure ? SMTPS_PORT : SUBMISSION_PORT;
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort : Number(port),
    secure,
    user: decodeURIComponent(username),
  };
}
