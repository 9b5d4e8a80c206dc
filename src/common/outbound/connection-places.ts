import { Counts, type NamedLimits } from '../counts.js';
import { OutboundFailed } from './outbound.errors.js';

/** docs/security.md#connections */
export const CONNECTION_LIMITS = {
  /** Of an organization to a host that has answered. */
  perHost: 4,
  perSlowHost: 12,
  perAddress: 16,
  perOrg: 20,
  perProcess: 50,
};

/** A host that is so slow that `perHost` gives it fewer has more connections. */
const ANSWERS_PER_SECOND = 5;
/** Beyond that, the hosts that answered longest ago are forgotten. */
const MOST_HOSTS = 10_000;

/** `name`: of a host, with its port. */
type Host = { readonly orgId: string; readonly name: string };
/** `addresses`: the connection is to one of them. */
type Target = Host & { readonly addresses: readonly string[] };
type Waiting = { readonly target: Target; readonly start: () => void };

/**
 * Limits how many connections are open at a time. Others wait; the organization with the fewest open connections is the
 * next, so that one with many slow receivers does not delay the others.
 */
export class ConnectionPlaces {
  private readonly counts = new Counts();
  private readonly waiting = new Set<Waiting>();
  /** How many connections a host may have that has answered since its last timeout, the earliest answer first; other hosts have one. */
  private readonly answering = new Map<string, number>();

  constructor(private readonly limits: typeof CONNECTION_LIMITS) {}

  /** Does the work when there is room. @throws OutboundFailed `busy` if there is none in this time */
  async run<T>(target: Target, waitMs: number, work: () => Promise<T>): Promise<T> {
    await this.waitForRoom(target, waitMs);
    const host = hostOf(target);
    const begunAt = performance.now();
    try {
      const answer = await work();
      this.noteAnswer(host, (performance.now() - begunAt) / 1000);
      return answer;
    } catch (error) {
      if (error instanceof OutboundFailed && error.code === 'timed_out') this.answering.delete(host);
      throw error;
    } finally {
      this.counts.add(this.limitsOf(target), -1);
      this.startNext();
    }
  }

  /** How many connections to a host there may be. */
  most(host: Host): number {
    return this.answering.get(hostOf(host)) ?? 1;
  }

  private noteAnswer(host: string, seconds: number): void {
    const { perHost, perSlowHost } = this.limits;
    const needed = Math.ceil(seconds * ANSWERS_PER_SECOND);
    this.answering.delete(host);
    this.answering.set(host, Math.min(perSlowHost, Math.max(perHost, needed)));
    const [longestAgo = host] = this.answering.keys();
    if (this.answering.size > MOST_HOSTS) this.answering.delete(longestAgo);
  }

  private async waitForRoom(target: Target, waitMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new OutboundFailed('busy')), waitMs);
    const waiting = { target, start: resolve };
    this.waiting.add(waiting);
    this.startNext();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(waiting);
    }
  }

  private startNext(): void {
    for (let next = this.next(); next; next = this.next()) {
      this.waiting.delete(next);
      this.counts.add(this.limitsOf(next.target), 1);
      next.start();
    }
  }

  /** Among requests for which there is room; of one organization, the one that has waited longest. */
  private next(): Waiting | undefined {
    const ready = [...this.waiting].filter(({ target }) => this.counts.haveRoom(this.limitsOf(target)));
    const openOf = ({ target }: Waiting) => this.counts.of(`organization ${target.orgId}`);
    const fewest = Math.min(...ready.map(openOf));
    return ready.find((each) => openOf(each) === fewest);
  }

  private limitsOf(target: Target): NamedLimits {
    const { perAddress, perOrg, perProcess } = this.limits;
    return [
      ['process', perProcess],
      [`organization ${target.orgId}`, perOrg],
      [`host ${hostOf(target)}`, this.most(target)],
      ...target.addresses.map((address) => [`address ${address}`, perAddress] as const),
    ];
  }
}

const hostOf = ({ orgId, name }: Host): string => `${orgId} ${name}`;
