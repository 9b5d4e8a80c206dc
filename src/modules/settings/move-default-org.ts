import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { OrgMembersService } from '../members/index.js';
import { type Org, OrgsRepository } from '../orgs/index.js';
import { ORG_ADMIN_ID } from '../roles/index.js';
import { DefaultOrgChangeForbidden, PersonalOrgCannotBeDefault } from './errors.js';

const LOCK = 'default-organization';
const MOVED = 'update_default_sso_provision_organization';

/** Makes the organization of the request the default one. Existing memberships do not change. */
@Injectable()
export class MoveDefaultOrg {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly members: OrgMembersService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * The rights are read under a lock: the caller must be an admin of the organization that is the default at that time.
   *
   * @throws DefaultOrgChangeForbidden, PersonalOrgCannotBeDefault
   */
  run(principal: OrgPrincipal): Promise<void> {
    return this.transaction.run(async () => {
      await this.transaction.lock(LOCK);
      const target = await this.orgs.get(principal.orgId);
      const current = await this.orgs.findDefault();
      if (!current || !(await this.isAdminOf([current, target], principal.userId)))
        throw new DefaultOrgChangeForbidden();
      if (target.isPersonal) throw new PersonalOrgCannotBeDefault();
      if (current.id === target.id) return;
      await this.orgs.setDefault(target.id);
      const { userId, request } = principal;
      const inOldDefault = { userId, orgId: current.id, request }; // without the credential, which is not its own
      for (const actor of [principal, inOldDefault])
        await this.audit.record(actor, MOVED, [target.id, current.id]);
    });
  }

  /** False for service keys, which have no user. */
  private async isAdminOf(orgs: readonly Org[], userId: string | null): Promise<boolean> {
    if (!userId) return false;
    for (const { id } of orgs) {
      const membership = (await this.members.findByUsers(id, [userId])).get(userId);
      if (membership?.roleId !== ORG_ADMIN_ID || membership.isDisabled) return false;
    }
    return true;
  }
}
