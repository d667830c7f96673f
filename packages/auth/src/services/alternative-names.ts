/**
 * Kinds of names that a certificate of ours may have, each with a value that needs no escape. Node quotes a value that
 * holds a comma, a quote, a space or worse (CVE-2021-44532); such a certificate is refused as a whole, so that no
 * reading of quotes can go wrong.
 */
const PLAIN_NAME = /^(DNS|URI|IP Address|email):([A-Za-z0-9._:/@*+-]+)$/;

/** What Node puts between two names. */
const SEPARATOR = ', ';

/**
 * The URIs among the names of a certificate, from the text that `X509Certificate` makes of its SubjectAlternativeName.
 * `undefined` when a name is of another kind, or needs an escape.
 */
export function readUriNames(subjectAltName: string): readonly string[] | undefined {
  const uris: string[] = [];
  for (const name of subjectAltName.split(SEPARATOR)) {
    const [, kind, value] = PLAIN_NAME.exec(name) ?? [];
    if (kind === undefined || value === undefined) return undefined;
    if (kind === 'URI') uris.push(value);
  }
  return uris;
}
