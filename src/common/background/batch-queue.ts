import { AsyncLocalStorage } from 'node:async_hooks';
import { first } from '../collections.js';
import { outageKind } from '../errors/outage.js';
import { currentTrace, runInTrace, type TraceContext } from '../tracing/trace-context.js';

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly trace: TraceContext | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
};

const MAX_BATCH = 50;

type Options = {
  /**
   * Whether the items of a failed batch are retried one by one, so that only the failing item is rejected. Never done
   * in an outage.
   */
  readonly retryEach?: boolean;
  /** Whether the spans of a batch are in the trace of its first item. */
  readonly inTraceOfFirst?: boolean;
};

/**
 * Handles all waiting items with the same key in one call: one statement or transaction instead of many that wait for
 * each other's locks. A batch runs outside of the asynchronous context of any request, and so outside of its
 * transaction.
 */
export class BatchQueue<Item, Result> {
  private readonly waiting = new Map<string, Waiting<Item, Result>[]>();
  private readonly outsideOfRequests = AsyncLocalStorage.snapshot();

  /** `work` returns one result for each item, in order, or has no effect and throws. */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly options: Options = {},
  ) {}

  enqueue(subject: string, item: Item): Promise<Result> {
    const trace = this.options.inTraceOfFirst ? currentTrace() : undefined;
    return new Promise((resolve, reject) => {
      const waiting = { item, trace, resolve, reject };
      const queue = this.waiting.get(subject);
      if (queue) queue.push(waiting);
      else void this.outsideOfRequests(() => this.serve(subject, [waiting]));
    });
  }

  private async serve(subject: string, queue: Waiting<Item, Result>[]): Promise<void> {
    this.waiting.set(subject, queue);
    while (queue.length > 0) await this.runBatch(queue.splice(0, MAX_BATCH));
    this.waiting.delete(subject);
  }

  private async runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const run = () => this.work(batch.map(({ item }) => item));
      const { trace } = first(batch);
      const results = await (trace ? runInTrace(trace, run) : run());
      if (results.length !== batch.length)
        throw new RangeError(`${results.length} results for ${batch.length} items`);
      results.forEach((result, index) => batch[index]?.resolve(result));
    } catch (error) {
      const { retryEach = true } = this.options;
      const isRetried = retryEach && batch.length > 1 && outageKind(error) === null;
      if (!isRetried) batch.forEach(({ reject }) => reject(error));
      else for (const one of batch) await this.runBatch([one]);
    }
  }
}
