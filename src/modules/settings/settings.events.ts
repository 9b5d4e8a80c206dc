import type { Actor } from '../audit/index.js';

/** The separator in group names was changed. Published inside the transaction. */
export class GroupSeparatorChanged {
  constructor(
    readonly orgId: string,
    readonly actor: Actor,
  ) {}
}
