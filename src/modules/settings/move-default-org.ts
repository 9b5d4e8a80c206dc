import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { OrgMembersService } from '../members/index.js';
import { type Org, OrgsService } from '../orgs/index.js';
import { ORG_ADMIN_ID } from '../rbac/index.js';
import { DefaultOrgChangeForbidden, PersonalOrgCannotBeDefault } from './settings.errors.js';

const LOCK = 'default-organization';
const MOVED = 'update_default_sso_provision_organization';

/** Makes the organization of the request the one where people land on their first single sign-on. Moves nobody. */
@Injectable()
export class MoveDefaultOrg {
  constructor(
    private readonly orgs: OrgsService,
    private readonly members: OrgMembersService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Nothing happens to one that is the default already. One move at a time, and the rights are read under that lock:
   * whoever comes second must be an admin of the organization that is the default by then.
   */
  run(principal: OrgPrincipal): Promise<void> {
    return this.transaction.runLocked(LOCK, async () => {
      const target = await this.orgs.get(principal.orgId);
      const current = await this.orgs.findDefault();
      if (!current || !(await this.isAdminOf([current, target], principal.userId)))
        throw new DefaultOrgChangeForbidden();
      if (target.isPersonal) throw new PersonalOrgCannotBeDefault();
      if (current.id === target.id) return;
      await this.orgs.setDefault(target.id);
      await this.recordInBoth(principal, current, target);
    });
  }

  /** Service keys are nobody. */
  private async isAdminOf(orgs: readonly Org[], userId: string | null): Promise<boolean> {
    if (!userId) return false;
    for (const { id } of orgs) {
      const membership = (await this.members.findByUsers(id, [userId])).get(userId);
      if (membership?.roleId !== ORG_ADMIN_ID || membership.isDisabled) return false;
    }
    return true;
  }

  /** The old default's log names the person, not his credential, which belongs to the other organization. */
  private async recordInBoth(principal: OrgPrincipal, current: Org, target: Org): Promise<void> {
    const { userId, request } = principal;
    await this.audit.record(principal, MOVED, [target.id, current.id]);
    await this.audit.record({ userId, orgId: current.id, request }, MOVED, [target.id, current.id]);
  }
}
