/**
 * What the service writes to people. Edit it here: the service has no pages, so that each message carries its token
 * and the call to make; with pages of your own, write a link such as `https://app.example/reset#token=…` instead (behind
 * `#`, so that no server log on the way gets it).
 */

/** What a message says, without whom it is for. */
export interface MessageContent {
  readonly subject: string;
  readonly text: string;
}

/** What a message may speak of. */
export interface MessageFacts {
  /** Where clients reach the service. */
  readonly publicUrl: string;
  readonly token: string;
}

/** To whoever registered with this address, and has to show that it is theirs. */
export function confirmationMessage({ publicUrl, token }: MessageFacts): MessageContent {
  return {
    subject: 'Confirm your address',
    text: `Somebody, probably you, registered with this address at ${publicUrl}.

To confirm it, within 15 minutes:

  POST ${publicUrl}/api/auth/confirm
  {"token":"${token}","password":"…"}

with the password that you chose. If it was not you, ignore this message: without a confirmation there is no account.`,
  };
}

/** To the owner of an account who forgot the password. */
export function resetMessage({ publicUrl, token }: MessageFacts): MessageContent {
  return {
    subject: 'Choose a new password',
    text: `Somebody, probably you, asked for a new password at ${publicUrl}.

To choose one, within 15 minutes:

  POST ${publicUrl}/api/auth/password/reset
  {"token":"${token}","newPassword":"…"}

If it was not you, ignore this message: the password stays as it is.`,
  };
}

/** To somebody for whom an administrator made an account. */
export function invitationMessage({ publicUrl, token }: MessageFacts): MessageContent {
  return {
    subject: 'An account was made for you',
    text: `An account with this address was made for you at ${publicUrl}.

To choose its password, within 15 minutes:

  POST ${publicUrl}/api/auth/password/reset
  {"token":"${token}","newPassword":"…"}

Later than that, ask for a new token: POST ${publicUrl}/api/auth/password/forgot`,
  };
}

/** To the owner of an account whose address somebody registered again: the answer to the request did not tell. */
export function alreadyRegisteredMessage({ publicUrl }: Omit<MessageFacts, 'token'>): MessageContent {
  return {
    subject: 'You have an account already',
    text: `Somebody, probably you, registered with this address at ${publicUrl}, where it has an account already.

Nothing has changed. If you forgot the password, ask for a new one: POST ${publicUrl}/api/auth/password/forgot`,
  };
}
