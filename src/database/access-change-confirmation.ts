/** Makes committed changes of access hold on every replica before they are acknowledged (docs/decisions/0061). */
export abstract class AccessChangeConfirmation {
  /**
   * Resolves when no replica uses what it cached before the transaction committed. Does not reject. Call it without a
   * connection, a permit or a lock.
   *
   * @param xid null: the transaction changed no access
   */
  abstract run(xid: string | null): Promise<void>;

  /** `run` in `work` adds to `xids` and resolves at once; whoever acknowledges the changes calls `runAll` before. */
  abstract collect(xids: string[], work: () => void): void;

  /** `run` for several transactions. */
  abstract runAll(xids: readonly string[]): Promise<void>;

  /** `runAll` for what has been committed by anybody: to refuse to repeat a change acknowledges it. */
  abstract runVisible(): Promise<void>;
}
