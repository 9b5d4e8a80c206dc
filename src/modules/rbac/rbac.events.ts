import type { Actor } from '../audit/index.js';

/** A role was made or renamed, so that its name may mean it now. Published inside the transaction. */
export class RoleNamed {
  constructor(
    readonly orgId: string,
    readonly by: Actor,
  ) {}
}
