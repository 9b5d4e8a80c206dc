import type { Actor } from '../audit/index.js';

/** A workspace was created or renamed, so group names may refer to it now. Published inside the transaction. */
export class WorkspaceNameChanged {
  constructor(
    readonly orgId: string,
    readonly actor: Actor,
  ) {}
}

/** A workspace was deleted, with all dependent rows by cascade. Published inside the transaction. */
export class WorkspaceDeleted {
  constructor(
    readonly orgId: string,
    readonly workspaceId: string,
    readonly actor: Actor,
  ) {}
}
