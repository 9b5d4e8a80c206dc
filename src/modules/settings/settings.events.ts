import type { Actor } from '../audit/index.js';

/** What separates the parts of a group's name may be another now. Published inside the transaction. */
export class GroupSeparatorSet {
  constructor(
    readonly orgId: string,
    readonly by: Actor,
  ) {}
}
