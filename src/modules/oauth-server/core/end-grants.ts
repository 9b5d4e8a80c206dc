import { Injectable } from '@nestjs/common';
import { type Actor, type AuditDetails, AuditTrail } from '../../audit/index.js';
import { type EndedGrant, GrantsRepository } from './grants.repository.js';

/** Ends grants with their codes and tokens, in the open transaction, each with an audit entry. */
@Injectable()
export class EndGrants {
  constructor(
    private readonly grants: GrantsRepository,
    private readonly audit: AuditTrail,
  ) {}

  /** @param entryOf who ends it, and why; not asked for grants that have ended before */
  async run(
    ids: readonly string[],
    entryOf: (grant: EndedGrant) => { readonly actor: Actor; readonly details?: AuditDetails },
  ): Promise<void> {
    const ended = await this.grants.end(ids);
    await this.audit.recordAll(
      ended.map((grant) => {
        const { actor, details = {} } = entryOf(grant);
        const scope = { resourceOwnerId: grant.userId, details };
        return { actor, operation: 'revoke_oauth_grant', resourceIds: [grant.id], scope };
      }),
    );
  }
}
