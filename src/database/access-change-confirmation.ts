/** Makes committed changes of access hold on every replica before they are acknowledged (docs/decisions/0061). */
export abstract class AccessChangeConfirmation {
  /**
   * Resolves when no replica uses what it cached before the transaction committed. Does not reject. Call it without a
   * connection, a permit or a lock.
   *
   * @param xid null: the transaction changed no access
   */
  abstract run(xid: string | null): Promise<void>;

  /** The same for all changes that are visible now, whoever made them: a refusal to repeat one acknowledges it. */
  abstract runVisible(): Promise<void>;
}
