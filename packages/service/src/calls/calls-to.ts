import { readFileSync } from 'node:fs';

import {
  isLoopback,
  originSetting,
  plainHttp,
  refusedSetting,
  refuseInProduction,
  secretReferenceSetting,
  type SettingFault,
  SettingsError,
  type SettingsRule,
} from '@redoubt/config';
import {
  createOutboundClient,
  type OutboundClient,
  type OutboundClientOptions,
  portOf,
  rotatingCertificate,
} from '@redoubt/outbound';
import type { LiveSecret, SecretReference } from '@redoubt/secrets';
import { type TOptional, type TString, type TUnsafe, Type } from '@sinclair/typebox';

import { parsePrivateKey, type SecretDeclaration } from '../secrets/secret-declarations.ts';
import type { ServiceSecrets } from '../secrets/watch-secrets.ts';
import { absolutePath } from '../settings/database-tls-settings.ts';
import { liveAuthorities } from '../tls/server-trust.ts';
import { assertPeerName } from './peer-name.ts';

/** The settings of calls to a peer, by its name in capitals. */
type CallSettings<Peer extends string> = { readonly [Name in `${Peer}_URL`]: TString } & {
  readonly [Name in `${Peer}_CA_FILE` | `${Peer}_CERTIFICATE_FILE`]: TOptional<TString>;
} & { readonly [Name in `${Peer}_KEY`]: TOptional<TUnsafe<SecretReference>> };

/** What they come to. */
type CallValues<Peer extends string> = { readonly [Name in `${Peer}_URL`]: string } & {
  readonly [Name in `${Peer}_CA_FILE` | `${Peer}_CERTIFICATE_FILE`]?: string | undefined;
} & { readonly [Name in `${Peer}_KEY`]?: SecretReference | undefined };

/** Another service, as this one calls it. */
export interface PeerCalls {
  /** Where it is: an origin, to which a path is added. */
  readonly origin: string;
  /** Calls that one host, and no other. */
  readonly client: OutboundClient;
  close(): Promise<void>;
}

/** How a service calls another one. */
export interface CallsTo<Peer extends string> {
  /** To be spread into the service's own settings. */
  readonly settings: CallSettings<Peer>;
  /** To be spread into its rules. */
  readonly rules: readonly SettingsRule<
    Required<CallValues<Peer>> & { readonly NODE_ENV: 'production' | 'development' }
  >[];
  /** To be spread into its secrets. */
  readonly secrets: { readonly [Name in `${Peer}_KEY`]: SecretDeclaration };
  /**
   * Makes the client, which proves itself with the service's own certificate and believes the authority of the settings
   * alone (SR-28, SR-29). A new certificate and a new key are taken for the next connection (SR-52).
   *
   * @throws {SettingsError} for files that cannot be used.
   */
  open(settings: CallValues<Peer>, secrets: ServiceSecrets): PeerCalls;
}

/** Where a peer is on a developer's machine. */
export interface CallsToOptions {
  /** Default: none, so that development has to say it, too. */
  readonly developmentUrl?: string;
}

/**
 * Declares that a service calls another one: `callsTo('API')` adds `API_URL`, `API_CA_FILE`, `API_CERTIFICATE_FILE` and
 * `API_KEY`. In production the four come together, and the address is https; on a developer's machine plain http to the
 * machine itself will do.
 *
 * @throws {TypeError} for a name that no setting could begin with.
 */
export function callsTo<const Peer extends string>(peer: Peer, { developmentUrl }: CallsToOptions = {}): CallsTo<Peer> {
  assertPeerName(peer);
  const names = {
    url: `${peer}_URL`,
    ca: `${peer}_CA_FILE`,
    certificate: `${peer}_CERTIFICATE_FILE`,
    key: `${peer}_KEY`,
  } as const;
  const settings = {
    [names.url]: originSetting({
      description: `Where the service ${peer} is called`,
      ...(developmentUrl === undefined ? {} : { developmentDefault: developmentUrl }),
    }),
    [names.ca]: Type.Optional(absolutePath(`The one authority that ${peer} is believed by (PEM)`)),
    [names.certificate]: Type.Optional(
      absolutePath(
        `Certificate with which the service proves itself to ${peer} (PEM). It is read again when it changes`,
      ),
    ),
    [names.key]: Type.Optional(secretReferenceSetting({ description: 'Private key of that certificate (PEM)' })),
  };
  return {
    // Keys that are made of a name are of any name to the compiler.
    settings: settings as unknown as CallSettings<Peer>,
    rules: [
      ...refuseInProduction(plainHttp(names.url)),
      (values) => incompleteIdentity(names, values),
    ] as CallsTo<Peer>['rules'],
    secrets: {
      [names.key]: { ages: 'tls-key', kind: 'private key', parse: parsePrivateKey },
    } as CallsTo<Peer>['secrets'],
    open: (values, secrets) => openCalls(names, values, secrets[names.key]),
  };
}

/** The names of the four settings. */
interface Names {
  readonly url: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Over https a service says who it is, and whom it believes; plain http leads to this machine and has nobody to ask. */
function incompleteIdentity(names: Names, values: Readonly<Record<string, unknown>>): SettingFault | undefined {
  const url = String(values[names.url]);
  if (url.startsWith('http:'))
    return isOwnMachine(url)
      ? undefined
      : refusedSetting('RD-007', names.url, 'https, or http to this machine', 'Use https.');
  const missing = [names.ca, names.certificate, names.key].find((name) => values[name] === undefined);
  return missing === undefined
    ? undefined
    : refusedSetting('RD-019', missing, `a value, because ${names.url} is https`, `Set ${missing}.`);
}

function openCalls(names: Names, values: object, key: LiveSecret | undefined): PeerCalls {
  const {
    [names.url]: origin = '',
    [names.ca]: ca,
    [names.certificate]: certificate,
  } = values as Readonly<Record<string, string | undefined>>;
  const { hostname: host } = new URL(origin);
  const reach = isOwnMachine(origin) ? 'loopback' : 'private';
  const hosts = [{ host, port: portOf(new URL(origin)), reach }] as const;
  const client = createOutboundClient({ hosts, ...identityOf(names, { ca, certificate }, key) });
  return { origin, client, close: () => client.close() };
}

/** Nothing, where there is plain http to this machine. */
function identityOf(
  names: Names,
  { ca, certificate }: { readonly ca: string | undefined; readonly certificate: string | undefined },
  key: LiveSecret | undefined,
): Pick<OutboundClientOptions, 'ca' | 'clientCertificate'> {
  // The rules demand all of them or none.
  if (ca === undefined || certificate === undefined || key === undefined) return {};
  const read = () => ({ certificate: readFileSync(certificate, 'utf8'), key: key.current() });
  try {
    return { ca: liveAuthorities(names.ca, ca)(), clientCertificate: rotatingCertificate(read) };
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    const expected = `a file with the certificate of ${names.key}, in PEM`;
    throw new SettingsError([refusedSetting('RD-017', names.certificate, expected, 'Name a file that fits the key.')]);
  }
}

function isOwnMachine(url: string): boolean {
  return isLoopback(URL.parse(url)?.hostname.replaceAll(/^\[|\]$/g, '') ?? '');
}
