import type { Actor } from '../audit/index.js';

/** A role was made or renamed, so that its name may mean it now. Published inside the transaction. */
export class RoleNameChanged {
  constructor(
    readonly orgId: string,
    readonly actor: Actor,
  ) {}
}
