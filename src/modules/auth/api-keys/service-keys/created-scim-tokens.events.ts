import type { OrgPrincipal } from '../../../../common/access/principal.js';
import type { CreatedCredential } from '../../../members/index.js';

/**
 * The SCIM module answers which tokens a user created, or were created with one of these keys, and deletes them if
 * requested. Published inside the transaction.
 */
export class CreatedScimTokensAsked {
  tokens: readonly CreatedCredential[] = [];

  constructor(
    readonly principal: OrgPrincipal,
    readonly creator: { readonly userId: string | null; readonly keyIds: readonly string[] },
    readonly isDeleting: boolean,
  ) {}
}
