import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { newId } from '../../../database/statements/new-id.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { existing } from '../http/errors.js';
import { assertVersion, type VersionedTarget } from '../protocol/resource.js';
import type { PageRequest } from '../query/scim-pages.read-model.js';
import {
  editFromPatch,
  editFromReplacement,
  editFromResource,
  type GroupEdit,
  type GroupProfile,
  toEditableResource,
} from './group-edit.js';
import { createdByGroup, GroupEffects } from './group-effects.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { GroupNames, sameBinding } from './group-names.js';
import { ScimGroupsRepository, type ScimGroupRow } from './scim-groups.repository.js';

/**
 * An id that is not a UUID is unknown. Bodies are those of SCIM requests, alone or in a bulk request. A group is changed completely
 * or not at all.
 */
@Injectable()
export class ScimGroupsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly groups: ScimGroupsRepository,
    private readonly members: GroupMembersRepository,
    private readonly names: GroupNames,
    private readonly effects: GroupEffects,
  ) {}

  /** @throws ScimResourceNotFound */
  async get({ orgId }: ScimPrincipal, id: string, withMembers = false): Promise<ScimGroupRow> {
    return existing(UUID.test(id) ? await this.groups.find(orgId, id, withMembers) : null);
  }

  list({ orgId }: ScimPrincipal, request: PageRequest, withMembers: boolean) {
    return this.groups.page(orgId, request, withMembers);
  }

  /**
   * Returns the id. A name may grant nothing: the provider's synchronization must not fail (docs/contract/scim.md#group-names).
   * @throws TokenMayNotWriteGroup, ScimError uniqueness, or invalidValue for a member who is not a user
   */
  async create(principal: ScimPrincipal, body: unknown): Promise<string> {
    const { orgId, makesAdmins } = principal;
    const { profile, members } = editFromResource(body);
    const id = newId();
    await this.transaction.as(principal, async () => {
      const values = profile({});
      await this.names.assertMayName(principal, values.displayName);
      const bindingOf = await this.names.load(orgId);
      const group = { ...values, ...bindingOf(values.displayName), id, orgId, makesAdmins };
      await this.groups.insert(group);
      const provenance = createdByGroup(principal);
      const memberDelta = await this.members.change(group, members, provenance);
      await this.effects.afterChange(principal, 'create_scim_group', group, { memberDelta, provenance });
    });
    return id;
  }

  /** @throws as `patch` does */
  replace(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<void> {
    return this.change(principal, target, editFromReplacement(body));
  }

  /** A change without effect takes no lock. @throws VersionMismatch, TokenMayNotWriteGroup, LastAdminRequired, ScimResourceNotFound, ScimError */
  patch(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<void> {
    return this.change(principal, target, editFromPatch(body));
  }

  /** Revokes what only this group grants. @throws LastAdminRequired, VersionMismatch, TokenMayNotWriteGroup */
  async remove(principal: ScimPrincipal, target: VersionedTarget): Promise<void> {
    await this.underLock(principal, target, async (row) => {
      const removed = await this.members.listMembers(row.orgId, [row.id]);
      await this.groups.remove(row.orgId, row.id);
      const change = { memberDelta: { added: [], removed }, provenance: createdByGroup(principal) };
      await this.effects.afterChange(principal, 'delete_scim_group', row, change);
    });
  }

  /** A new name is resolved again; an unchanged one keeps its binding. */
  private async change(principal: ScimPrincipal, target: VersionedTarget, edit: GroupEdit): Promise<void> {
    const current = await this.get(principal, target.id);
    assertVersion(current, target);
    const wanted = edit.profile(toEditableResource(current));
    if (edit.members.length === 0 && changedNames(current, wanted).length === 0) return;
    await this.underLock(principal, target, async (row) => {
      const profile = edit.profile(toEditableResource(row));
      const changed = changedNames(row, profile);
      await this.names.assertMayName(principal, profile.displayName);
      const provenance = createdByGroup(principal);
      const memberDelta = await this.members.change(row, edit.members, provenance);
      if (changed.length === 0 && memberDelta.added.length === 0 && memberDelta.removed.length === 0) return;
      const isRenamed = profile.displayName !== row.displayName;
      const binding = isRenamed ? (await this.names.load(row.orgId))(profile.displayName) : {};
      const makesAdmins = row.makesAdmins && principal.makesAdmins;
      const group = { ...row, ...profile, ...binding, makesAdmins };
      await awaitAll([
        this.groups.update(group),
        this.effects.afterChange(principal, 'update_scim_group', group, {
          memberDelta,
          provenance,
          changed,
          formerName: row.displayName,
          isRebound: !sameBinding(row, group),
          isMembersListAbsent: edit.isMembersListAbsent ?? false,
        }),
      ]);
    });
  }

  private underLock(
    principal: ScimPrincipal,
    target: VersionedTarget,
    work: (row: ScimGroupRow) => Promise<void>,
  ): Promise<void> {
    const lock = async () => (UUID.test(target.id) ? this.groups.lock(principal.orgId, target.id) : null);
    return this.transaction.as(principal, lock, async (locked) => {
      const row = existing(locked);
      assertVersion(row, target);
      await this.names.assertMayChange(principal, row);
      await work(row);
    });
  }
}

const changedNames = (row: ScimGroupRow, profile: GroupProfile): string[] =>
  (['displayName', 'externalId'] as const).filter((name) => row[name] !== profile[name]);
