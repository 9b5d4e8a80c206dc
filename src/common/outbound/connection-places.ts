import { OutboundFailed } from './outbound.errors.js';

type Waiting = { readonly addresses: readonly string[]; readonly start: () => void };

/** Limits how many connections are open at a time: to each address, and of the process. Others wait in line. */
export class ConnectionPlaces {
  private readonly taken = new Map<string, number>();
  private readonly waiting = new Set<Waiting>();
  private total = 0;

  constructor(
    private readonly perAddress: number,
    private readonly perProcess: number,
  ) {}

  /**
   * Takes a place at each of the addresses, of which the connection uses one.
   *
   * @returns what releases them
   * @throws OutboundFailed `busy` if there is none in this time
   */
  async take(addresses: readonly string[], waitMs: number): Promise<() => void> {
    if (!this.hasRoom(addresses)) await this.wait(addresses, waitMs);
    else this.count(addresses, 1);
    return () => {
      this.count(addresses, -1);
      this.startWaiting();
    };
  }

  private wait(addresses: readonly string[], waitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        addresses,
        start: () => {
          clearTimeout(timer);
          this.waiting.delete(waiting);
          this.count(addresses, 1);
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

  /** The first in line whose address has room, so that a slow address delays no other. */
  private startWaiting(): void {
    for (const { addresses, start } of this.waiting) {
      if (this.total >= this.perProcess) return;
      if (this.hasRoom(addresses)) start();
    }
  }

  private hasRoom(addresses: readonly string[]): boolean {
    return (
      this.total < this.perProcess &&
      addresses.every((address) => (this.taken.get(address) ?? 0) < this.perAddress)
    );
  }

  private count(addresses: readonly string[], change: 1 | -1): void {
    this.total += change;
    for (const address of addresses) {
      const count = (this.taken.get(address) ?? 0) + change;
      if (count === 0) this.taken.delete(address);
      else this.taken.set(address, count);
    }
  }
}
