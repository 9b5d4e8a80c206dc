import type { Actor } from '../audit/index.js';

/** What separates the parts of a group's name may be another now. Published inside the transaction. */
export class GroupSeparatorChanged {
  constructor(
    readonly orgId: string,
    readonly actor: Actor,
  ) {}
}
