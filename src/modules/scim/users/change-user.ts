import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { assertVersion, type VersionedTarget, type Resource } from '../protocol/resource.js';
import { ScimResourceNotFound } from '../http/errors.js';
import { type ProfileChange, ApplyUserChange } from './apply-user-change.js';
import { writtenBy } from './scim-user.mapper.js';
import { ScimUsersRepository, type ScimUserRow } from './scim-users.repository.js';
import { profileOf, sameProfile } from './user-profile.js';

/** Computes the new resource from the current one; called again after waiting for a concurrent change. */
export type UserEdit = (before: Resource) => Resource;

/** Changes a user completely or not at all. */
@Injectable()
export class ChangeUser {
  constructor(
    private readonly transaction: Transaction,
    private readonly users: ScimUsersRepository,
    private readonly applyUserChange: ApplyUserChange,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws VersionMismatch, ScimError uniqueness, ScimResourceNotFound, and the errors of `ScimTokenScope` */
  run(principal: ScimPrincipal, target: VersionedTarget, edit: UserEdit): Promise<void> {
    return this.transaction.runAs(principal, () => this.change(principal, target, edit));
  }

  private async change(principal: ScimPrincipal, target: VersionedTarget, edit: UserEdit): Promise<void> {
    const row = await this.users.lock(principal.orgId, target.id);
    if (!row) throw new ScimResourceNotFound();
    assertVersion(row, target);
    const changes = changesOf(row, edit);
    if (!changes) return;
    const { before, after } = changes;
    await this.users.update(row, after);
    if (after.email !== before.email)
      await this.users.assertSoleHolders(row.orgId, [{ userId: row.userId, email: after.email }]);
    const details = await this.applyUserChange.run(principal, row, changes);
    await this.audit.record(principal, 'update_scim_user', [row.id, row.userId], { details });
  }
}

/** Null if the edit changes nothing. */
export function changesOf(row: ScimUserRow, edit: UserEdit): ProfileChange | null {
  const written = writtenBy(row);
  const before = profileOf(written);
  const edited = profileOf(edit(written));
  const after = { ...edited, active: edited.active ?? before.active }; // an absent `active` keeps its value
  return sameProfile(before, after) ? null : { before, after };
}
