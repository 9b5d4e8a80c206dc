import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transaction.js';
import { assertVersion, type VersionedTarget } from '../assert-version.js';
import { ScimResourceNotFound } from '../scim-resource.errors.js';
import { type GroupBinding, GroupNameBinder, sameBinding } from './group-binding.js';
import type { GroupEdit, GroupProfile } from './group-edit.js';
import { createdByGroup, GroupEffects } from './group-effects.js';
import { GroupReach } from './group-reach.js';
import { ReadGroups } from './read-groups.js';
import { writtenBy } from './scim-group.mapper.js';
import { ScimGroupsRepository, type ScimGroupRow } from './scim-groups.repository.js';

/** Changes a group completely or not at all. A new name is resolved again; an unchanged one keeps its binding. */
@Injectable()
export class ChangeGroup {
  constructor(
    private readonly transaction: Transaction,
    private readonly read: ReadGroups,
    private readonly names: GroupNameBinder,
    private readonly groups: ScimGroupsRepository,
    private readonly effects: GroupEffects,
    private readonly reach: GroupReach,
  ) {}

  /**
   * A change without effect takes no lock.
   * @throws VersionMismatch, TokenMayNotWriteGroup, LastAdminRequired, ScimError uniqueness
   */
  async run(principal: ScimPrincipal, target: VersionedTarget, edit: GroupEdit): Promise<void> {
    const current = await this.read.get(principal, target.id, { withMembers: false });
    assertVersion(current, target);
    if (edit.members.length === 0 && changedNames(current, edit.profile(writtenBy(current))).length === 0)
      return;
    await this.transaction.runAs(principal, () => this.change(principal, target, edit));
  }

  private async change(principal: ScimPrincipal, target: VersionedTarget, edit: GroupEdit): Promise<void> {
    const row = await this.groups.lock(principal.orgId, target.id);
    if (!row) throw new ScimResourceNotFound();
    assertVersion(row, target);
    const profile = edit.profile(writtenBy(row));
    const changed = changedNames(row, profile);
    await this.reach.assertMayChange(principal, row);
    await this.reach.assertMayName(principal, profile.displayName);
    const provenance = createdByGroup(principal);
    const memberDelta = await this.effects.updateMembers(row, edit.members, provenance);
    if (changed.length === 0 && memberDelta.added.length === 0 && memberDelta.removed.length === 0) return;
    const binding = await this.bindingOf(row, profile);
    const makesAdmins = row.makesAdmins && principal.makesAdmins;
    const group = { ...row, ...profile, ...binding, makesAdmins };
    await this.groups.update(group);
    await this.effects.afterChange(principal, group, {
      memberDelta,
      changed,
      isRebound: !sameBinding(row, binding),
      provenance,
    });
  }

  private async bindingOf(row: ScimGroupRow, { displayName }: GroupProfile): Promise<GroupBinding> {
    const { kind, orgRole, workspaceId, roleId } = row;
    if (displayName === row.displayName) return { kind, orgRole, workspaceId, roleId };
    return (await this.names.bind(row.orgId, [displayName]))[0]!;
  }
}

const changedNames = (row: ScimGroupRow, profile: GroupProfile): string[] =>
  (['displayName', 'externalId'] as const).filter((name) => row[name] !== profile[name]);
