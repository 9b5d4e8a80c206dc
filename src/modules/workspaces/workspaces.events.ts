import type { Actor } from '../audit/index.js';

/** A workspace was made or renamed, so that its name may mean it now. Published inside the transaction. */
export class WorkspaceNameChanged {
  constructor(
    readonly orgId: string,
    readonly actor: Actor,
  ) {}
}

/** A workspace is gone, and by cascade all that pointed at it. Published inside the transaction. */
export class WorkspaceDeleted {
  constructor(
    readonly orgId: string,
    readonly workspaceId: string,
    readonly actor: Actor,
  ) {}
}
