import { ConcurrencyConflict } from '../../common/errors/domain-error.js';

/** A row that the write refers to was removed concurrently, or two writes conflicted. */
export class ConcurrentChange extends ConcurrencyConflict {
  constructor(cause: unknown) {
    super(
      'Data that this request depends on was changed at the same moment; reload, and retry if it still applies.',
      { cause },
    );
  }
}
