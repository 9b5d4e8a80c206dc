import { OutboundFailed } from './outbound.errors.js';

type Waiting = {
  readonly addresses: readonly string[];
  readonly orgId: string;
  readonly start: () => void;
};

type Limits = { readonly perAddress: number; readonly perOrg: number; readonly perProcess: number };

/**
 * Limits how many connections are open at a time: to each address, of each organization, and of the process. Others wait;
 * the organization with the fewest open connections is the next, so that one with many slow receivers does not delay the
 * others.
 */
export class ConnectionPlaces {
  private readonly byAddress = new Counts();
  private readonly byOrg = new Counts();
  private readonly waiting = new Set<Waiting>();
  private total = 0;

  constructor(private readonly limits: Limits) {}

  /**
   * Takes a place at each of the addresses, of which the connection uses one.
   *
   * @returns what releases them
   * @throws OutboundFailed `busy` if there is none in this time
   */
  async take(addresses: readonly string[], orgId: string, waitMs: number): Promise<() => void> {
    if (!this.hasRoom({ addresses, orgId })) await this.wait(addresses, orgId, waitMs);
    else this.count(addresses, orgId, 1);
    return () => {
      this.count(addresses, orgId, -1);
      this.startWaiting();
    };
  }

  private wait(addresses: readonly string[], orgId: string, waitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        addresses,
        orgId,
        start: () => {
          clearTimeout(timer);
          this.waiting.delete(waiting);
          this.count(addresses, orgId, 1);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.waiting.delete(waiting);
        reject(new OutboundFailed('busy'));
      }, waitMs);
      this.waiting.add(waiting);
    });
  }

  private startWaiting(): void {
    for (let next = this.next(); next; next = this.next()) next.start();
  }

  /** Of those whose address has room. Among requests of one organization, the one that has waited longest. */
  private next(): Waiting | undefined {
    const isFull = this.total >= this.limits.perProcess;
    const ready = isFull ? [] : [...this.waiting].filter((each) => this.hasRoom(each));
    const fewest = Math.min(...ready.map(({ orgId }) => this.byOrg.of(orgId)));
    return ready.find(({ orgId }) => this.byOrg.of(orgId) === fewest);
  }

  private hasRoom({ addresses, orgId }: Pick<Waiting, 'addresses' | 'orgId'>): boolean {
    const { perAddress, perOrg, perProcess } = this.limits;
    return (
      this.total < perProcess &&
      this.byOrg.of(orgId) < perOrg &&
      addresses.every((address) => this.byAddress.of(address) < perAddress)
    );
  }

  private count(addresses: readonly string[], orgId: string, change: 1 | -1): void {
    this.total += change;
    this.byOrg.add(orgId, change);
    for (const address of addresses) this.byAddress.add(address, change);
  }
}

class Counts {
  private readonly counts = new Map<string, number>();

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  add(name: string, change: 1 | -1): void {
    const count = this.of(name) + change;
    if (count === 0) this.counts.delete(name);
    else this.counts.set(name, count);
  }
}
