import { Injectable } from '@nestjs/common';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../../audit/index.js';
import { OrgMembersService } from '../../members/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import { ORG_ADMIN_ID } from '../../roles/index.js';
import { SessionsService } from '../../sessions/index.js';
import { BreakGlassPasswordsRepository, type NewWindow } from './break-glass-passwords.repository.js';

const CHANGED = 'update_basic_auth_user';

/** Opens and closes break-glass access; both are audited as actions of the operator, without a user. */
@Injectable()
export class OpenBreakGlass {
  constructor(
    private readonly passwords: BreakGlassPasswordsRepository,
    private readonly orgs: OrgsRepository,
    private readonly members: OrgMembersService,
    private readonly sessions: SessionsService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Ends the sessions of an earlier window. `isAdmin`: the user is an active admin of the default organization. */
  async open(
    window: NewWindow,
    { restoreAdmin }: { restoreAdmin: boolean },
  ): Promise<{ expiresAt: Date; isAdmin: boolean }> {
    const { id: orgId } = await this.orgs.getDefault();
    const { userId } = window;
    return this.transaction.inOrganization(orgId, async () => {
      const expiresAt = await this.passwords.upsert(window);
      await this.sessions.endBreakGlassOf(userId);
      const entryId = newId();
      if (restoreAdmin) await this.members.makeAdmin(orgId, userId, entryId);
      const until = expiresAt.toISOString();
      const details = { break_glass: 'opened', until, restores_admin: restoreAdmin };
      await this.audit.record(operatorIn(orgId), CHANGED, [userId], { details, entryId });
      const membership = (await this.members.findByUsers(orgId, [userId])).get(userId);
      return { expiresAt, isAdmin: membership?.roleId === ORG_ADMIN_ID && !membership.isDisabled };
    });
  }

  /** Ends the sessions of the window, too. Returns false if it was not open. */
  async close(userId: string): Promise<boolean> {
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.run(async () => {
      await this.sessions.endBreakGlassOf(userId);
      if (!(await this.passwords.remove(userId))) return false;
      await this.audit.record(operatorIn(orgId), CHANGED, [userId], { details: { break_glass: 'shut' } });
      return true;
    });
  }
}
