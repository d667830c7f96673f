import type { SecretProvider, SecretReference, SecretScheme } from '@redoubt/secrets';
import { afterAll, beforeAll, describe } from 'vitest';
import type { FaultProxy } from '../fault-proxy.ts';
import type { Answer, SeenRequest } from '../fault-proxy/fault.ts';
import { describeAnswers } from './secret-provider/answers.ts';
import { describeHostileAnswers } from './secret-provider/hostile-answers.ts';
import { describeOutages } from './secret-provider/outages.ts';
import { describeReads } from './secret-provider/reads.ts';
import { describeRotation } from './secret-provider/rotation.ts';
import { describeSilence } from './secret-provider/silence.ts';
import { describeSpecialties } from './secret-provider/specialties.ts';
import { SecretProviderSuite } from './secret-provider/suite.ts';

/** A provider with its source behind it, opened for one test file. */
export interface SourceUnderTest<S extends SecretScheme> {
  readonly provider: SecretProvider<S>;
  /** Closes the provider, and what the test has opened beside it. */
  close(): Promise<void>;
}

/** How a source that is asked over HTTP answers, in its own protocol, when it does not give the secret. */
export interface NetworkContract<S extends SecretScheme, U extends SourceUnderTest<S>> {
  /** What every request of the provider goes through. */
  readonly proxy: (source: U) => FaultProxy;
  /** Tells a read from a sign-in, where both go through the proxy. */
  readonly isRead: (request: SeenRequest) => boolean;
  /** The answer to a read of the reference when its document has this text: an object of JSON. */
  readonly holding: (reference: SecretReference<S>, text: string) => Answer;
  /** Each of these carries `words` wherever the protocol has room for words: they may show nowhere. */
  readonly throttled: (words: string) => Answer;
  readonly serverError: (words: string) => Answer;
  readonly denied: (words: string) => Answer;
  /** Status 200 and JSON, and yet no answer of this source; by what is wrong with it. */
  readonly malformed: Readonly<Record<string, (words: string) => Answer>>;
  /** The refusal of who the service is, and the requests that get it; undefined: the source asks for no proof. */
  readonly signInRefused:
    | { readonly answer: (words: string) => Answer; readonly isMet: (request: SeenRequest) => boolean }
    | undefined;
}

/**
 * What a provider has to bring along to be held to the contract. Texts of documents are objects of JSON, whose members
 * are texts. An `undefined` member says that the source has no such thing: its cases then do not exist.
 */
export interface SecretProviderContract<S extends SecretScheme, U extends SourceUnderTest<S>> {
  /** Makes a provider that has read nothing yet. What one of them stores, all of them read. */
  readonly open: () => Promise<U>;
  /** Stores a document; a new version of it when the name is known. Names are letters, digits and dashes. */
  readonly store: (source: U, name: string, text: string) => Promise<SecretReference<S>>;
  /** A reference to a document of this name that nobody has stored. */
  readonly absent: (source: U, name: string) => SecretReference<S>;
  readonly fields: 'of the document' | 'none';
  readonly versions: 'told' | 'not told';
  readonly creationTimes: 'told' | 'not told';
  /** Stores bytes that are no text. */
  readonly storeBinary: ((source: U, name: string, bytes: Uint8Array) => Promise<SecretReference<S>>) | undefined;
  /** Takes the right to read the document away, at the source itself; from this provider of it alone if it can. */
  readonly deny: ((source: U, reference: SecretReference<S>) => Promise<void>) | undefined;
  /** Begins a rotation: makes a version that is not the current one yet. */
  readonly storePending: ((source: U, reference: SecretReference<S>, text: string) => Promise<void>) | undefined;
  /** Makes a document that is granted for a time, which can be extended. */
  readonly storeLeased: ((source: U, name: string) => Promise<SecretReference<S>>) | undefined;
  /** Undefined: the source is asked without HTTP. */
  readonly network: NetworkContract<S, U> | undefined;
}

/** What every provider of secrets does, whatever its source: the same tests for each of them (SR-51, SR-52). */
export function describeSecretProvider<S extends SecretScheme, U extends SourceUnderTest<S>>(
  name: string,
  contract: SecretProviderContract<S, U>,
): void {
  describe(`secret provider contract: ${name}`, () => {
    const suite = new SecretProviderSuite(contract);
    beforeAll(() => suite.start());
    afterAll(() => suite.stop());

    describeReads(suite);
    describeRotation(suite);
    describeSpecialties(suite);
    const { network } = contract;
    if (network !== undefined) {
      describeAnswers(suite, network);
      describeHostileAnswers(suite, network);
      describeOutages(suite, network);
    }
    describeSilence(suite);
  });
}
