import { randomUUID } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createTestAuthority, loopbackServer } from '../certificates/test-authority.ts';
import { createTestTokenIssuer } from './test-jwt.ts';

/** The part of a Kubernetes cluster that a sign-in needs: service accounts with tokens, and the review of a token. */
export interface TestCluster {
  /** Of its API server, on the loopback. */
  readonly url: string;
  /** The authority of that server's certificate, in PEM. */
  readonly authority: string;
  /** The token of a service account, as it is mounted into a pod. */
  issue(account: { readonly namespace: string; readonly name: string }): string;
  close(): Promise<void>;
}

const LIFE_SECONDS = 3600;

/** Whom the tokens are for: the cluster itself, as where a pod asks for nothing else. */
const AUDIENCE = 'https://kubernetes.default.svc';

/** Every service account has it: nothing here tells two of one name apart. */
const ACCOUNT_ID = randomUUID();

/** What is asked of a token. */
interface ReviewSpec {
  readonly token: string;
  readonly audiences?: readonly string[];
}

/** Starts one. A token that it has not issued is reviewed as nobody's (TokenReview, authentication.k8s.io/v1). */
export async function createTestCluster(now: () => number = Date.now): Promise<TestCluster> {
  const issuer = createTestTokenIssuer();
  const accounts = new Map<string, string>();
  const authority = createTestAuthority();
  const { certificate, key } = authority.issue(loopbackServer);
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const chunks: string[] = [];
    request.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    request.on('end', () => {
      const { spec } = JSON.parse(chunks.join('')) as { readonly spec: ReviewSpec };
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(reviewOf(accounts, spec)));
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority: authority.certificate,
    issue({ namespace, name }) {
      const username = `system:serviceaccount:${namespace}:${name}`;
      const seconds = Math.floor(now() / 1000);
      const serviceaccount = { name, uid: ACCOUNT_ID };
      const token = issuer.issue({
        iss: AUDIENCE,
        sub: username,
        aud: [AUDIENCE],
        iat: seconds,
        exp: seconds + LIFE_SECONDS,
        'kubernetes.io': { namespace, serviceaccount },
      });
      accounts.set(token, username);
      return token;
    },
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

function reviewOf(accounts: ReadonlyMap<string, string>, { token, audiences = [AUDIENCE] }: ReviewSpec): object {
  const username = accounts.get(token);
  const isOurs = username !== undefined && audiences.includes(AUDIENCE);
  const user = { username, uid: ACCOUNT_ID, groups: ['system:serviceaccounts'] };
  return {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    status: isOurs
      ? { authenticated: true, user, audiences: [AUDIENCE] }
      : { authenticated: false, error: 'token is not ours, or not for this audience' },
  };
}
