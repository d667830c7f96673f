import type { SecretErrorCode } from '../../secret-error.ts';

/**
 * What the errors of AWS and of its SDK mean, by their names: those of GetSecretValue (Secrets Manager API reference),
 * of AssumeRoleWithWebIdentity (STS API reference), and the common ones of both. Anything else is judged by its status.
 */
export const codesOfAwsErrors: ReadonlyMap<unknown, SecretErrorCode> = new Map([
  ['ResourceNotFoundException', 'not-found'],
  // It is marked for deletion.
  ['InvalidRequestException', 'not-found'],
  ['InvalidParameterException', 'not-found'],
  ['ValidationException', 'not-found'],

  ['AccessDenied', 'access-denied'],
  ['AccessDeniedException', 'access-denied'],
  ['NotAuthorized', 'access-denied'],
  // The key that encrypts it is disabled, or not this role's to use.
  ['DecryptionFailure', 'access-denied'],

  ['CredentialsProviderError', 'sign-in-failed'],
  ['TokenProviderError', 'sign-in-failed'],
  ['ExpiredToken', 'sign-in-failed'],
  ['ExpiredTokenException', 'sign-in-failed'],
  ['RequestExpired', 'sign-in-failed'],
  ['UnrecognizedClientException', 'sign-in-failed'],
  ['InvalidClientTokenId', 'sign-in-failed'],
  ['InvalidAccessKeyId', 'sign-in-failed'],
  ['InvalidSignatureException', 'sign-in-failed'],
  ['SignatureDoesNotMatch', 'sign-in-failed'],
  ['IncompleteSignature', 'sign-in-failed'],
  ['IncompleteSignatureException', 'sign-in-failed'],
  ['MissingAuthenticationToken', 'sign-in-failed'],
  ['MissingAuthenticationTokenException', 'sign-in-failed'],
  ['AuthFailure', 'sign-in-failed'],

  ['Throttling', 'throttled'],
  ['ThrottlingException', 'throttled'],
  ['ThrottledException', 'throttled'],
  ['RequestThrottled', 'throttled'],
  ['RequestThrottledException', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['TooManyRequestsException', 'throttled'],

  ['InternalServiceError', 'unavailable'],
  ['InternalFailure', 'unavailable'],
  ['InternalServerError', 'unavailable'],
  ['ServiceUnavailable', 'unavailable'],
  ['ServiceUnavailableException', 'unavailable'],
  ['IDPCommunicationError', 'unavailable'],
  ['IDPCommunicationErrorException', 'unavailable'],

  ['OversizedAnswerError', 'too-large'],
  ['MisencodedAnswerError', 'malformed-answer'],
]);

/** What the errors of the network mean, by the code that Node gives them. */
export const codesOfNetworkErrors: ReadonlyMap<unknown, SecretErrorCode> = new Map([
  ['ECONNREFUSED', 'unavailable'],
  ['ECONNRESET', 'unavailable'],
  ['ECONNABORTED', 'unavailable'],
  ['EPIPE', 'unavailable'],
  ['ENOTFOUND', 'unavailable'],
  ['EAI_AGAIN', 'unavailable'],
  ['EHOSTUNREACH', 'unavailable'],
  ['EHOSTDOWN', 'unavailable'],
  ['ENETUNREACH', 'unavailable'],
  ['ENETDOWN', 'unavailable'],
  ['ETIMEDOUT', 'timeout'],
]);
