import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { ScimResourceNotFound } from '../http/errors.js';
import { assertVersion, type Resource, type VersionedTarget } from '../protocol/resource.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';
import { ScimAccounts } from './scim-accounts.js';
import { ScimUsersRepository, type ScimUserRow } from './scim-users.repository.js';
import { revokedDetails, UserAccess } from './user-access.js';
import { profileOf, sameProfile, type UserProfile, toEditableResource } from './user-profile.js';

/** Computes the new resource from the current one; called again after waiting for a concurrent change. */
export type UserEdit = (before: Resource) => Resource;

type ProfileChange = { readonly before: UserProfile; readonly after: UserProfile };

/** Changes or removes a user, completely or not at all, with the membership, account and invitations. */
@Injectable()
export class ChangeUser {
  constructor(
    private readonly transaction: Transaction,
    private readonly users: ScimUsersRepository,
    private readonly accounts: ScimAccounts,
    private readonly access: UserAccess,
    private readonly tokenScope: ScimTokenScope,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws VersionMismatch, ScimError uniqueness, ScimResourceNotFound, and the errors of `ScimTokenScope` */
  change(principal: ScimPrincipal, target: VersionedTarget, edit: UserEdit): Promise<void> {
    return this.runLocked(principal, target, async (row) => {
      const change = changeOf(row, edit);
      if (!change) return;
      const { before, after } = change;
      await this.users.update(row, after);
      if (after.email !== before.email)
        await this.users.assertSoleHolders(row.orgId, [{ userId: row.userId, email: after.email }]);
      const details = await this.apply(principal, row, change);
      await this.audit.record(principal, 'update_scim_user', [row.id, row.userId], { details });
    });
  }

  /**
   * Removes the user from the organization (docs/contract/scim.md#users); the SCIM user and its group memberships are
   * deleted by cascade.
   * @throws LastAdminRequired, VersionMismatch, ScimResourceNotFound, and the errors of `ScimTokenScope`
   */
  remove(principal: ScimPrincipal, target: VersionedTarget): Promise<void> {
    return this.runLocked(principal, target, async (row) => {
      await this.tokenScope.assertMayChange(principal, [row.userId]);
      const revoked = await this.access.remove(principal, row);
      await this.accounts.removeIfSolelyHeld(row);
      const details = revokedDetails(row, revoked);
      await this.audit.record(principal, 'delete_scim_user', [row.id, row.userId], { details });
    });
  }

  private runLocked(
    principal: ScimPrincipal,
    target: VersionedTarget,
    work: (row: ScimUserRow) => Promise<void>,
  ): Promise<void> {
    return this.transaction.as(principal, async () => {
      const row = UUID.test(target.id) ? await this.users.lock(principal.orgId, target.id) : null;
      if (!row) throw new ScimResourceNotFound();
      assertVersion(row, target);
      await work(row);
    });
  }

  /** What the audit entry says. */
  private async apply(principal: ScimPrincipal, row: ScimUserRow, { before, after }: ProfileChange) {
    await this.tokenScope.assertMayChange(principal, [row.userId]);
    const { userId } = row;
    if (row.madeAccount && !sameLogin(before, after))
      await this.tokenScope.assertMayReassign(principal, userId);
    const disabled =
      before.active && after.active === false
        ? [{ userId, emails: [...before.emails, ...after.emails] }]
        : [];
    const revoked = await this.access.disable(principal, disabled);
    if (!before.active && after.active) await this.access.enable(principal, userId);
    const emailIsTaken = await this.accounts.applyProfileChange(row, before, after); // memberships first, as in sign-in
    const movedEmails = after.email === before.email ? [] : [{ userId, emails: [after.email] }];
    const replaced = await this.access.endInvitations(principal, movedEmails); // no user is pending and a member
    return {
      changed: changedNames(before, after),
      ...(emailIsTaken ? { account_email: 'held_by_another' } : {}),
      ...revokedDetails(row, revoked, replaced),
    };
  }
}

/** Null if the edit changes nothing. */
export function changeOf(row: ScimUserRow, edit: UserEdit): ProfileChange | null {
  const written = toEditableResource(row);
  const before = profileOf(written);
  const edited = profileOf(edit(written));
  const after = { ...edited, active: edited.active ?? before.active }; // an absent `active` keeps its value
  return sameProfile(before, after) ? null : { before, after };
}

/** An account that SCIM created is found at sign-in by these values, so it follows them. */
const sameLogin = (before: UserProfile, after: UserProfile): boolean =>
  before.externalId === after.externalId && before.email === after.email;

/** Names of attributes, never their values: the audit log holds no personal data. */
function changedNames(before: UserProfile, after: UserProfile): string[] {
  const scalarFields = ({ userName, externalId, active, attributes }: UserProfile) => ({
    userName,
    externalId,
    active,
    ...attributes,
  });
  const one: Record<string, unknown> = scalarFields(before);
  const other: Record<string, unknown> = scalarFields(after);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name])).sort();
}
