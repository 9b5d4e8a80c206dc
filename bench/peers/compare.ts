import { type Contender, runAlternating, type Runs } from '../alternating-runs.ts';
import { type Finding, perSecond } from '../report.ts';

/** The server that ours is compared with. */
type Peer = 'floor' | 'Better Auth' | 'node:http' | 'plain Fastify';

type Work = {
  what: string;
  ours: Contender;
  /** Null if the peer is not available. */
  peers: Partial<Record<Peer, Contender | null>>;
  /** At least this many times the speed of a peer. */
  times?: Partial<Record<Peer, number>>;
  /** At least this many per second. */
  perSecond?: number;
};

/** Measures ours beside its peers, in alternating runs, with one line for each peer. */
export async function compare(work: Work): Promise<Finding[]> {
  const peers = Object.entries(work.peers).filter(([, peer]) => peer !== null) as [Peer, Contender][];
  const runs: Runs<'ours' | Peer> = await runAlternating({
    ours: work.ours,
    ...Object.fromEntries(peers),
  } as Record<'ours' | Peer, Contender>);
  const ours = perSecond(runs.perSecond('ours'));
  const lines = peers.map(([peer]) => beside(work, { ours, peer, runs }));
  if (work.perSecond === undefined) return lines;
  return [
    {
      ...{ what: work.what, ours, beside: '', ratio: null },
      target: `>= ${perSecond(work.perSecond)}`,
      met: runs.perSecond('ours') >= work.perSecond,
    },
    ...lines,
  ];
}

function beside(
  { what, times }: Work,
  { ours, peer, runs }: { ours: string; peer: Peer; runs: Runs<'ours' | Peer> },
): Finding {
  const ratio = runs.ratio('ours', peer);
  const least = times?.[peer];
  return {
    ...{ what, ours, ratio },
    beside: `${perSecond(runs.perSecond(peer))} (${peer})`,
    target: least === undefined ? '' : `>= ${least}`,
    met: least === undefined ? null : ratio >= least,
  };
}
