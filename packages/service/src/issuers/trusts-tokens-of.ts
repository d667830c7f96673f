import type { PeerIssuer } from '@redoubt/auth';
import {
  originSetting,
  plainHttp,
  refusedSetting,
  refuseInProduction,
  type SettingFault,
  type SettingsRule,
} from '@redoubt/config';
import { type TString, Type } from '@sinclair/typebox';

import type { PeerCalls } from '../calls/calls-to.ts';
import { assertPeerName } from '../calls/peer-name.ts';

/** Where every service that issues tokens publishes its keys. */
const KEY_SET_PATH = '/.well-known/jwks.json';

/** The settings of a peer's tokens, by its name in capitals. */
type TokenSettings<Peer extends string> = { readonly [Name in `${Peer}_ISSUER` | `${Peer}_AUDIENCE`]: TString };

/** What they come to. */
type TokenValues<Peer extends string> = { readonly [Name in `${Peer}_ISSUER` | `${Peer}_AUDIENCE`]: string };

/** How a service trusts the access tokens of a peer. */
export interface TrustsTokensOf<Peer extends string> {
  /** To be spread into the service's own settings. */
  readonly settings: TokenSettings<Peer>;
  /** To be spread into its rules. */
  readonly rules: readonly SettingsRule<
    TokenValues<Peer> & { readonly PUBLIC_URL: string; readonly NODE_ENV: 'production' | 'development' }
  >[];
  /** Whose tokens are taken: those of the peer that these calls lead to, which alone is asked for its keys. */
  from(settings: TokenValues<Peer>, calls: Pick<PeerCalls, 'origin' | 'client'>): PeerIssuer;
}

/** What the peer is on a developer's machine. Default: nothing, so that development has to say it, too. */
export interface TrustsTokensOfOptions {
  readonly developmentIssuer?: string;
  readonly developmentAudience?: string;
}

/**
 * Declares that a service takes the access tokens of a peer that it calls: `trustsTokensOf('API')` adds `API_ISSUER`, the
 * peer's `PUBLIC_URL`, and `API_AUDIENCE`, whom its tokens are for. Its keys are fetched by the client of `callsTo('API')`,
 * at the address where it is called: nothing that a token says leads anywhere (SR-15, SR-28, SR-29).
 *
 * @throws {TypeError} for a name that no setting could begin with.
 */
export function trustsTokensOf<const Peer extends string>(
  peer: Peer,
  { developmentIssuer, developmentAudience }: TrustsTokensOfOptions = {},
): TrustsTokensOf<Peer> {
  assertPeerName(peer);
  const names = { issuer: `${peer}_ISSUER`, audience: `${peer}_AUDIENCE` } as const;
  const settings = {
    [names.issuer]: originSetting({
      description: `Whose access tokens are taken: the PUBLIC_URL of ${peer}`,
      ...(developmentIssuer === undefined ? {} : { developmentDefault: developmentIssuer }),
    }),
    [names.audience]: Type.String({
      minLength: 1,
      maxLength: 255,
      description: `Whom the access tokens of ${peer} must be for: its TOKEN_AUDIENCE`,
      ...(developmentAudience === undefined ? {} : { developmentDefault: developmentAudience }),
    }),
  };
  return {
    // Keys that are made of a name are of any name to the compiler.
    settings: settings as unknown as TokenSettings<Peer>,
    rules: [
      ...refuseInProduction(plainHttp(names.issuer)),
      (values) => ownIssuer(names.issuer, values),
    ] as TrustsTokensOf<Peer>['rules'],
    from: (values, { origin, client }) => ({
      issuer: values[names.issuer],
      audience: values[names.audience],
      keySetUrl: `${origin}${KEY_SET_PATH}`,
      client,
    }),
  };
}

/** Nobody else speaks in the name of this service. */
function ownIssuer(name: string, values: Readonly<Record<string, unknown>>): SettingFault | undefined {
  return values[name] === values['PUBLIC_URL']
    ? refusedSetting('RD-019', name, 'the public origin of another service', 'Name the PUBLIC_URL of the peer.')
    : undefined;
}
