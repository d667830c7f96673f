/** A key that contains one of these names a secret, whatever stands around it: `newPassword`, `x-api-key`. */
const fragments: readonly string[] = [
  'accesskey',
  'apikey',
  'authorization',
  'cookie',
  'credential',
  'csrf',
  'encryptionkey',
  'passcode',
  'passphrase',
  'passwd',
  'password',
  'privatekey',
  'secret',
  'sessionid',
  'sessionkey',
  'signingkey',
  'tokenhash',
  'tokenvalue',
  'xsrf',
];

/** A key that ends in one of these: `refreshToken`, but not `tokenType`. */
const endings: readonly string[] = ['jwt', 'token', 'tokens'];

/** Whole keys, too short or too common to be looked for inside others. */
const names: ReadonlySet<string> = new Set([
  'assertion',
  'auth',
  'cardnumber',
  'clientassertion',
  'codeverifier',
  'cvc',
  'cvv',
  'dpop',
  'iban',
  'otp',
  'pan',
  'pass',
  'pin',
  'pwd',
  'recoverycode',
  'session',
  'sid',
  'signature',
  'ssn',
  'totp',
]);

/** Keys of ids that look opaque and are written on purpose: they join a line to a request or a trace (SR-47). */
const correlationNames: ReadonlySet<string> = new Set(['correlationid', 'requestid', 'spanid', 'traceid']);

const correlationId = /^[A-Za-z0-9-]{8,64}$/;

/** Decisions kept for this many keys; keys can come from clients, so the memory for them is bounded. */
const maxRememberedKeys = 1_024;

/** Longer keys are decided each time: none of ours is longer. */
const maxRememberedKeyUnits = 64;

const remembered = new Map<string, boolean>();

/**
 * Whether a key names a secret (SR-43), letter case and separators ignored: `X-Api-Key`, `api_key` and `apiKey` are
 * one name. The lists above are the whole vocabulary.
 */
export function isSensitiveKey(key: string): boolean {
  const known = remembered.get(key);
  if (known !== undefined) return known;

  const sensitive = namesSecret(key.toLowerCase().replace(/[^a-z0-9]/g, ''));
  if (remembered.size < maxRememberedKeys && key.length <= maxRememberedKeyUnits) remembered.set(key, sensitive);
  return sensitive;
}

/** Whether the value is a correlation id under a key that says so: written although it looks like a token. */
export function isCorrelationId(key: string, value: unknown): value is string {
  if (typeof value !== 'string' || !correlationId.test(value)) return false;
  return correlationNames.has(key.toLowerCase().replace(/[^a-z]/g, ''));
}

function namesSecret(name: string): boolean {
  if (names.has(name)) return true;
  return endings.some((ending) => name.endsWith(ending)) || fragments.some((fragment) => name.includes(fragment));
}
