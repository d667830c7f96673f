import { connect, type Socket } from 'node:net';
import { startPeer, type TestPeer } from './test-peer.ts';

/** A way to a server that can be blocked or cut. */
export interface TcpProxy extends TestPeer {
  /** From now on nothing passes, and nobody is told: as when a cable is pulled. */
  freeze(): void;
  /** Ends every connection at once, and every later one too. */
  cut(): void;
  /** Later connections pass again; frozen ones stay so. */
  mend(): void;
}

/** Starts a proxy in front of the server that a URL names. */
export async function startProxy(target: URL): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'frozen' | 'cut' = 'open';
  const peer = await startPeer((near) => {
    if (state === 'cut') near.destroy();
    if (state !== 'open') return;
    const far = connect(Number(target.port), target.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.on('close', () => {
      far.destroy();
      pairs.delete(pair);
    });
    near.pipe(far).pipe(near);
  });
  return {
    ...peer,
    freeze() {
      state = 'frozen';
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
    cut() {
      state = 'cut';
      for (const [near] of pairs) near.destroy();
    },
    mend() {
      state = 'open';
    },
  };
}
