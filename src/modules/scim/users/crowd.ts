import { outageKind } from '../../../common/errors/outage.js';

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
};

const MOST_TOGETHER = 50;

/**
 * Work that takes turns on one subject is done for all who wait together: one transaction and one wait for the disk
 * instead of many. When that fails, each is tried alone, so that nobody fails of another’s fault; in an outage all fail.
 */
export class Crowd<Item, Result> {
  private readonly waiting = new Map<string, Waiting<Item, Result>[]>();

  /** `work` answers one result for each item, in their order, or does nothing and throws. */
  constructor(private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>) {}

  join(subject: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const queue = this.waiting.get(subject);
      if (queue) queue.push({ item, resolve, reject });
      else void this.serve(subject, [{ item, resolve, reject }]);
    });
  }

  private async serve(subject: string, queue: Waiting<Item, Result>[]): Promise<void> {
    this.waiting.set(subject, queue);
    while (queue.length > 0) await this.together(queue.splice(0, MOST_TOGETHER));
    this.waiting.delete(subject);
  }

  private async together(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.work(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      if (group.length === 1 || outageKind(error) !== null) group.forEach(({ reject }) => reject(error));
      else for (const one of group) await this.together([one]);
    }
  }
}
