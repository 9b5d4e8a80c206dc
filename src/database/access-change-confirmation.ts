/** Whether transactions of one request have changed access. */
export type CollectedChanges = { any: boolean };

/** Makes committed changes of access hold on every replica before they are acknowledged (docs/decisions/0061). */
export abstract class AccessChangeConfirmation {
  /**
   * `runNow` for a change that the caller has committed; inside of `collect` it only sets `any` and resolves at once. Call it
   * without a connection or a lock.
   */
  abstract run(): Promise<void>;

  /** Whoever acknowledges the changes of `work` calls `runNow` before, once for all of them. */
  abstract collect(changes: CollectedChanges, work: () => void): void;

  /**
   * Resolves when no replica uses what it cached before any change that was committed before the call, by anybody. Does
   * not reject.
   */
  abstract runNow(): Promise<void>;
}
