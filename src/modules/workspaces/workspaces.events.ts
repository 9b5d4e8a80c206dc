/** A workspace is gone, and by cascade all that pointed at it. Published inside the transaction. */
export class WorkspaceDeleted {
  constructor(
    readonly orgId: string,
    readonly workspaceId: string,
  ) {}
}
