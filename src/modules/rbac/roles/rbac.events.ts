import type { Actor } from '../../audit/index.js';

/** A role was created or renamed, so group names may refer to it now. Published inside the transaction. */
export class RoleNameChanged {
  constructor(
    readonly orgId: string,
    readonly actor: Actor,
  ) {}
}
