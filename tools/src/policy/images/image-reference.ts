/** A name of an image with its tag or digest: `postgres:18.6-trixie@sha256:…`. */
const REFERENCE =
  /^(?<name>[a-z0-9][\w.-]*(?::\d+)?(?:\/[\w.-]+)*)(?::(?<tag>[\w][\w.-]*))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/i;

/** Whether the reference means the same bytes tomorrow. */
export function isByDigest(reference: string): boolean {
  return REFERENCE.exec(reference)?.groups?.['digest'] !== undefined;
}

/** Why an image can change, for a message. */
export function howItChanges(reference: string): string {
  const { tag } = REFERENCE.exec(reference)?.groups ?? {};
  if (tag === undefined || tag === 'latest') return `${reference} is whatever was pushed last`;
  return `${reference} can be pushed again under its tag`;
}
