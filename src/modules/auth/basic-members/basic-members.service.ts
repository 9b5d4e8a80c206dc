import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, Principal, UserPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import {
  type CreatedByMember,
  OrgMembersService,
  type RequestedRole,
  toEndedDetails,
} from '../../members/index.js';
import { mayManageOrgRole } from '../../roles/index.js';
import { UsersRepository } from '../../users/index.js';
import { AccountRights } from './account-rights.js';
import { OnlyAdminsChangeAdminAccounts } from './errors.js';
import { chosenByAdminOf, PasswordsService } from '../../passwords/index.js';
import { newId } from '../../../database/statements/new-id.js';

/** An absent field is not changed; null clears the name. */
export type AccountChange = { password?: string; fullName?: string | null };
export type MemberChange = AccountChange & { role: RequestedRole; revokeCreated: boolean };

type Account = { userId: string; digest: string | null; fullName?: string | null };
type WritePassword = (password: { userId: string; digest: string }) => Promise<void>;

@Injectable()
export class BasicMembersService {
  constructor(
    private readonly members: OrgMembersService,
    private readonly rights: AccountRights,
    private readonly users: UsersRepository,
    private readonly passwords: PasswordsService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async updateOwn(principal: UserPrincipal, change: AccountChange): Promise<void> {
    const digest = await this.digestOf(change, (password) =>
      this.passwords.hashForUser(principal.userId, password),
    );
    if (digest === null && change.fullName === undefined) return;
    await this.transaction.run(async () => {
      await this.writeAccount(
        principal,
        { ...change, digest, userId: principal.userId },
        this.asOwner(principal),
      );
      await principal.revalidate(); // a concurrent password change has ended the session
    });
  }

  /** Changes role and account in one transaction. Returns what `revokeCreated` has ended; null without it. */
  async updateMember(
    principal: OrgPrincipal,
    membershipId: string,
    change: MemberChange,
  ): Promise<CreatedByMember | null> {
    const { orgId } = principal;
    const { roleId: givenRoleId } = change.role;
    if (givenRoleId) this.members.assertMayManage(principal, givenRoleId);
    const changesRole = Object.values(change.role).some((value) => value !== undefined);
    await this.assertNotAbove(principal, membershipId, change);
    const digest = await this.digestOf(change, (password) => this.passwords.hash(password));
    return this.transaction.as(principal, async () => {
      const { userId, roleId } = await this.members.get(orgId, membershipId);
      if (digest !== null || change.fullName !== undefined) {
        await this.assertMayChangeAccount(principal, { userId, roleId }, digest !== null);
        const isOwn = isSessionOf(userId, principal);
        const write = isOwn ? this.asOwner(principal) : this.asAdmin(principal);
        await this.writeAccount(principal, { ...change, digest, userId }, write);
      }
      const ended = change.revokeCreated ? await this.members.endCreatedBy(principal, membershipId) : null;
      const entryId = newId();
      const facts = changesRole // may need the new password
        ? await this.members.changeRole(principal, membershipId, change.role, entryId)
        : {};
      const details = { ...(ended ? toEndedDetails(ended) : {}), ...facts };
      const scope = { entryId, details, resourceOwnerId: userId };
      if (changesRole || ended)
        await this.audit.record(principal, 'update_org_member', [membershipId], scope);
      return ended;
    });
  }

  /** Checked before the body (docs/contract/http.md#order-of-checks), and again when the account is written. */
  private async assertNotAbove(
    principal: OrgPrincipal,
    membershipId: string,
    change: MemberChange,
  ): Promise<void> {
    if (change.password === undefined && change.fullName === undefined) return;
    const member = await this.members.find(principal.orgId, membershipId);
    if (member && !mayManageOrgRole(principal, member.roleId)) throw new OnlyAdminsChangeAdminAccounts();
  }

  /** Runs outside of the transaction, because hashing is slow. */
  private async digestOf(
    { password }: AccountChange,
    hash: (password: string) => Promise<string>,
  ): Promise<string | null> {
    if (password === undefined) return null;
    this.passwords.assertEnabled();
    return hash(password);
  }

  private async assertMayChangeAccount(
    principal: OrgPrincipal,
    member: { userId: string; roleId: string },
    changesPassword: boolean,
  ): Promise<void> {
    if (!mayManageOrgRole(principal, member.roleId)) throw new OnlyAdminsChangeAdminAccounts();
    if (isSessionOf(member.userId, principal)) return;
    if (changesPassword) await this.rights.assertMayChoosePassword(principal.orgId, member.userId);
    else await this.rights.assertMayRename(principal.orgId, member.userId);
  }

  /** Writes the password before the name, so that concurrent changes lock the rows in one order. */
  private async writeAccount(
    principal: Principal,
    { userId, digest, fullName }: Account,
    writePassword: WritePassword,
  ): Promise<void> {
    if (digest !== null) await writePassword({ userId, digest });
    if (fullName !== undefined) await this.users.rename([{ id: userId, fullName }]);
    const changed = [...(digest === null ? [] : ['password']), ...(fullName === undefined ? [] : ['name'])];
    await this.audit.record(principal, 'update_basic_auth_user', [userId], { details: { changed } });
  }

  private asOwner({ credential }: Principal): WritePassword {
    return (password) => this.passwords.changeOwn(password, credential.id);
  }

  private asAdmin({ orgId }: OrgPrincipal): WritePassword {
    return (password) => this.passwords.choose(password, chosenByAdminOf(orgId));
  }
}

/** Only a session of the user: a token of this organization must not give access to the user's other organizations. */
const isSessionOf = (userId: string, principal: Principal) =>
  principal.credential.kind === 'session' && principal.userId === userId;
