import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, Principal, UserPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { OrgMembersService } from '../../members/index.js';
import { OrgsService } from '../../orgs/index.js';
import { mayManageOrgRole } from '../../rbac/index.js';
import { UsersService } from '../../users/index.js';
import { AccountIsShared, AdminAccountsAreForAdmins } from './basic.errors.js';
import { PasswordsService } from './passwords.service.js';

/** Absent = leave as it is; a name may be cleared, a password not. */
export type AccountChange = { password?: string; fullName?: string | null };
export type MemberChange = AccountChange & { roleId?: string };

type Account = { userId: string; digest: string | null; fullName?: string | null };

/** Accounts of members who sign in with a password: their own doing, or their organization's. */
@Injectable()
export class BasicMembersService {
  constructor(
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsService,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async changeOwn(principal: UserPrincipal, change: AccountChange): Promise<void> {
    const digest = await this.digestOf(change, (password) =>
      this.passwords.hashOwn(principal.userId, password),
    );
    if (digest === null && change.fullName === undefined) return;
    await this.transaction.run(async () => {
      await this.writeAccount(principal, { ...change, digest, userId: principal.userId });
      await principal.confirm(); // who changed the password while this one waited has ended the session
    });
  }

  /** Role and account together or not at all. */
  async changeMember(principal: OrgPrincipal, membershipId: string, change: MemberChange): Promise<void> {
    const { orgId } = principal;
    if (change.roleId) this.members.assertMayGive(principal, change.roleId);
    await this.assertNotAbove(principal, membershipId, change);
    const digest = await this.digestOf(change, (password) => this.passwords.hash(password));
    await this.transaction.runAs(principal, async () => {
      const { userId, roleId } = await this.members.get(orgId, membershipId);
      const changesAccount = digest !== null || change.fullName !== undefined;
      if (changesAccount) await this.assertMayChangeAccount(principal, { userId, roleId });
      if (change.roleId) {
        await this.members.changeRole(principal, membershipId, change.roleId);
        await this.audit.record(principal, 'update_org_member', [membershipId]);
      }
      if (changesAccount) await this.writeAccount(principal, { ...change, digest, userId });
    });
  }

  /** Asked before the body is judged (contract decision 43), and once more when the account is written. */
  private async assertNotAbove(
    principal: OrgPrincipal,
    membershipId: string,
    change: MemberChange,
  ): Promise<void> {
    if (change.password === undefined && change.fullName === undefined) return;
    const member = await this.members.find(principal.orgId, membershipId);
    if (member && !mayManageOrgRole(principal, member.roleId)) throw new AdminAccountsAreForAdmins();
  }

  /** Outside of the transaction: hashing is slow on purpose. */
  private async digestOf(
    { password }: AccountChange,
    hash: (password: string) => Promise<string>,
  ): Promise<string | null> {
    if (password === undefined) return null;
    this.passwords.assertInUse();
    return hash(password);
  }

  private async assertMayChangeAccount(
    principal: OrgPrincipal,
    member: { userId: string; roleId: string },
  ): Promise<void> {
    if (!mayManageOrgRole(principal, member.roleId)) throw new AdminAccountsAreForAdmins();
    if (isSessionOf(member.userId, principal)) return;
    const memberships = await this.members.listOrgsOf(member.userId);
    const others = memberships.map(({ orgId }) => orgId).filter((id) => id !== principal.orgId);
    const isShared = (await this.orgs.list(others)).some(({ isPersonal }) => !isPersonal);
    if (isShared) throw new AccountIsShared();
  }

  private async writeAccount(principal: Principal, { userId, digest, fullName }: Account): Promise<void> {
    if (fullName !== undefined) await this.users.rename(userId, fullName);
    if (digest !== null) await this.passwords.change({ userId, digest }, principal.credential.id);
    await this.audit.record(principal, 'update_basic_auth_user', [userId]);
  }
}

/** His own account, and not by a token of this organization: that must not open the others to its holder. */
const isSessionOf = (userId: string, principal: Principal) =>
  principal.credential.kind === 'session' && principal.userId === userId;
