import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { EndGrants } from '../core/end-grants.js';
import { ApplicationNotAuthorized } from '../core/errors.js';
import { GrantsRepository, type ListedGrant } from '../core/grants.repository.js';

/** The grants of the caller: a session sees those of all organizations, another credential those of its own, a service key none. */
@Injectable()
export class OwnGrants {
  constructor(
    private readonly grants: GrantsRepository,
    private readonly endGrants: EndGrants,
    private readonly transaction: Transaction,
  ) {}

  /** Newest approval first. */
  async list({ userId, orgId, credential }: Principal): Promise<ListedGrant[]> {
    if (userId === null) return [];
    if (credential.kind === 'session') return this.grants.listOwn(userId, null);
    return orgId === null ? [] : this.grants.listOwn(userId, orgId);
  }

  /**
   * @param orgId null: in each organization that the caller sees
   * @throws ApplicationNotAuthorized
   */
  end(principal: Principal, clientId: string, orgId: string | null): Promise<void> {
    const { credential, request } = principal;
    return this.transaction.run(async () => {
      const ended = (await this.list(principal)).filter(
        (grant) => grant.clientId === clientId && (orgId === null || grant.orgId === orgId),
      );
      if (ended.length === 0) throw new ApplicationNotAuthorized();
      await this.endGrants.run(
        ended.map(({ id }) => id),
        (grant) => ({
          actor: { credential, userId: grant.userId, orgId: grant.orgId, workspaceId: null, request },
          details: { client_id: clientId },
        }),
      );
    });
  }
}
