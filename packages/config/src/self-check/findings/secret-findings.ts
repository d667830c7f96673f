import type { FindingId, FindingKind } from '../finding.ts';

/** A secret that cannot be had: there is nothing to start with, in any environment. */
const unusable = { area: 'secrets', severity: 'error', severityInDevelopment: 'error', silencing: 'refused' } as const;

/** A reference that is none, or a secret that cannot be had: RD-020 to RD-039 (SR-51). */
export const secretFindings = {
  'RD-020': {
    ...unusable,
    title: 'A secret stands where its reference belongs',
    risk: 'An environment is inherited by every child process, shown by container tools and printed by crash reports. The value is known to all of them now.',
    remedy:
      'Replace the secret, for it was exposed. Store the new one where only the service reads it, and set its reference: file:///run/secrets/name, aws-sm://name#field, vault://mount/path#field or azure-kv://vault/name.',
    source: 'SR-51',
  },
  'RD-021': {
    ...unusable,
    title: 'A secret reference has an unknown scheme',
    risk: 'Nothing can be read by it, and the service would run without its secret.',
    remedy: 'Use one of file:///, aws-sm://, vault://, azure-kv:// and, in development only, env://.',
    source: 'SR-51',
  },
  'RD-022': {
    ...unusable,
    title: 'A secret reference names no secret',
    risk: 'A reference that was filled in by half comes from a deployment whose other half may be missing as well.',
    remedy:
      'Complete it: file:///run/secrets/name, aws-sm://name, vault://mount/path#field, azure-kv://vault/name, env://NAME.',
    source: 'SR-51',
  },
  'RD-023': {
    ...unusable,
    title: 'A secret reference lacks its field, or names one that cannot be',
    risk: 'A document of Vault has several fields. A reader that guesses takes the wrong one, or all of them at once.',
    remedy: 'End the reference in one # and the field: 1 to 128 letters, digits, dots, dashes and _.',
    source: 'SR-51',
  },
  'RD-024': {
    ...unusable,
    title: 'A secret reference is not in its one spelling',
    risk: 'Two spellings of one place defeat a comparison, and dot segments, encodings and control characters lead a path out of where it seems to be.',
    remedy:
      'Write it plainly: an absolute path after three slashes, no host, no query, no dot segments, no doubled slashes, percent-encoded as URLs are.',
    source: 'SR-51, RFC 8089',
  },
  'RD-025': {
    ...unusable,
    title: 'A secret does not exist',
    risk: 'Without its secret the service cannot prove who it is, and a made-up one would be known to nobody or to everybody.',
    remedy: 'Create the secret at the place that the setting names, or correct the setting.',
    source: 'SR-51',
  },
  'RD-026': {
    ...unusable,
    title: 'A secret file cannot be read',
    risk: 'The service has no secret. Opening the file to everybody, which is the quick repair, gives it to every process of the machine.',
    remedy:
      'Let the user of the service own the file (mode 0400), or its group read it (mode 0440); with the permission model of Node, name the folder in --allow-fs-read.',
    source: 'SR-51',
  },
  'RD-027': {
    ...unusable,
    title: 'A secret is no regular file',
    risk: 'A directory holds no secret. A named pipe or a device would make the service wait for whoever writes to it, and take what they write.',
    remedy:
      'Name the file itself. A container runtime makes an empty directory where a mounted file does not exist: create the file, then the container.',
    source: 'SR-51',
  },
  'RD-028': {
    ...unusable,
    title: 'The symbolic links of a secret file lead nowhere',
    risk: 'Links that lead in a circle are an accident of a mount, or an attempt to make the service follow them.',
    remedy: 'Follow them with namei -l, and mount the secret again.',
    source: 'SR-51',
  },
  'RD-029': {
    ...unusable,
    title: 'A secret file is open to everybody on the machine',
    risk: 'Whoever runs any process there reads the secret, or changes it to one that they know.',
    remedy:
      'Set the mode of the file to 0400 (chmod 0400), or to 0440 where its group reads it. Replace the secret if others had an account on the machine.',
    source: 'SR-51, SR-65',
  },
  'RD-030': {
    ...unusable,
    title: 'A secret is empty',
    risk: 'An empty password is accepted by servers that ask for none, and an empty key is known to everybody.',
    remedy: 'Write the secret to its place. An empty file is what a failed deployment leaves.',
    source: 'SR-51',
  },
  'RD-031': {
    ...unusable,
    title: 'A secret is larger than 64 KiB',
    risk: 'It is a document, a disk image or an attempt to fill the memory, and no key or password.',
    remedy: 'Name the file that holds the secret alone.',
    source: 'SR-51',
  },
  'RD-032': {
    ...unusable,
    title: 'A secret is not text',
    risk: 'Binary bytes read as text lose what makes them hard to guess: many of them become the same replacement character.',
    remedy: 'Store keys in PEM, and random bytes in hexadecimal or base64: openssl rand -base64 48.',
    source: 'SR-51',
  },
  'RD-033': {
    ...unusable,
    title: 'A secret has no fields, and the reference asks for one',
    risk: 'Taken as a whole, the document would be used as a password that it is not.',
    remedy: 'Store a JSON object, or leave # and the field out of the reference.',
    source: 'SR-51',
  },
  'RD-034': {
    ...unusable,
    title: 'A secret does not have the field that the reference asks for',
    risk: 'A reader that falls back to another field authenticates with the wrong secret, or sends it to the wrong server.',
    remedy: 'Name a field that the document has, whose value is text.',
    source: 'SR-51',
  },
  'RD-035': {
    ...unusable,
    title: 'A secret comes from an environment variable in production',
    risk: 'An environment is inherited by every child process, shown by container tools and printed by crash reports.',
    remedy: 'Mount the secret as a file and set file:///run/secrets/name, or keep it in a secret manager.',
    source: 'SR-51',
  },
  'RD-036': {
    ...unusable,
    title: 'The source of a secret is not configured',
    risk: 'The service does not know whom to ask. Asked by default, whoever answers there would choose its secrets.',
    remedy: 'State the address of the source and how the service signs in to it: the table of settings names them.',
    source: 'SR-51',
  },
  'RD-037': {
    ...unusable,
    title: 'The source of a secret did not accept who the service is',
    risk: 'Its role, token or identity is wrong or was withdrawn. A static key of a person, which is the quick repair, has all rights of that person.',
    remedy: 'Check the role or identity that the machine gives to the service, and that the source trusts it.',
    source: 'SR-51, SR-71',
  },
  'RD-038': {
    ...unusable,
    title: 'The service may not read a secret',
    risk: 'The service has no secret. A policy with a wildcard, which is the quick repair, lets it read the secrets of all others.',
    remedy: 'Give its role this one secret by its exact name, and the key that encrypts it.',
    source: 'SR-51, SR-71',
  },
  'RD-039': {
    ...unusable,
    title: 'The source of a secret does not answer as it should',
    risk: 'Without an answer there is no secret, and another start may end the same way.',
    remedy:
      'Check that the source is up, that the network lets the service reach it, and that nothing in between answers for it.',
    source: 'SR-51, SR-52',
  },
} as const satisfies Record<FindingId, FindingKind>;
