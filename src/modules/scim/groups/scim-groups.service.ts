import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/value-checks.js';
import { awaitAll } from '../../../database/await-all.js';
import { newId } from '../../../database/new-id.js';
import { Transaction } from '../../../database/transaction.js';
import { assertVersion, type VersionedTarget } from '../protocol/resource.js';
import { GROUP_SHAPE } from '../protocol/schemas.js';
import type { ListRequest } from '../protocol/list.js';
import { listQuery } from '../query/list.statements.js';
import { ScimResourceNotFound } from '../http/errors.js';
import { type GroupBinding, sameBinding } from './group-binding.js';
import { GroupNameBinder } from './group-name-binder.js';
import { GROUP_COLUMNS } from './group-columns.js';
import {
  editFromPatch,
  editFromReplacement,
  editFromResource,
  type GroupEdit,
  type GroupProfile,
} from './group-edit.js';
import { createdByGroup, GroupEffects } from './group-effects.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { GroupReach } from './group-reach.js';
import { writtenBy } from './scim-group.mapper.js';
import { ScimGroupsRepository, type ScimGroupRow } from './scim-groups.repository.js';

type ReadOptions = { readonly withMembers: boolean };
type GroupPage = { readonly rows: readonly ScimGroupRow[]; readonly total: number };

/** A SCIM group as member lists show it. */
export type MemberGroup = { readonly name: string; readonly createdAt: Date };

/**
 * Groups of one organization; an id that is not a UUID is unknown. Bodies are those of SCIM requests, alone or in a
 * bulk request.
 */
@Injectable()
export class ScimGroupsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly groups: ScimGroupsRepository,
    private readonly members: GroupMembersRepository,
    private readonly names: GroupNameBinder,
    private readonly reach: GroupReach,
    private readonly effects: GroupEffects,
  ) {}

  /** @throws ScimResourceNotFound */
  async get({ orgId }: ScimPrincipal, id: string, options: ReadOptions): Promise<ScimGroupRow> {
    const found = UUID.test(id) ? await this.groups.find(orgId, id, options) : null;
    if (!found) throw new ScimResourceNotFound();
    return found;
  }

  /** `base` is the URL of SCIM as the client sees it. */
  list(
    { orgId }: ScimPrincipal,
    request: ListRequest,
    { base, withMembers }: ReadOptions & { readonly base: string },
  ): Promise<GroupPage> {
    const query = listQuery({ shape: GROUP_SHAPE, columns: GROUP_COLUMNS, base }, 'g', request);
    return this.groups.page(orgId, request, { ...query, withMembers });
  }

  /** Groups by user id, oldest first, in one statement; users in no group are absent. */
  async listByUser(orgId: string, userIds: readonly string[]): Promise<Map<string, MemberGroup[]>> {
    return Map.groupBy(await this.members.listGroupsOf(orgId, userIds), ({ userId }) => userId);
  }

  /**
   * Creates a group, even if its name grants nothing: the provider's synchronization must not fail
   * (docs/contract/scim.md#group-names). Returns the id.
   * @throws TokenMayNotWriteGroup, ScimError uniqueness, or invalidValue for a member who is not a user
   */
  async create(principal: ScimPrincipal, body: unknown): Promise<string> {
    const { orgId, makesAdmins } = principal;
    const { profile, members } = editFromResource(body);
    const id = newId();
    await this.transaction.runAs(principal, async () => {
      const values = profile({});
      await this.reach.assertMayName(principal, values.displayName);
      const binding = await this.names.bind(orgId, values.displayName);
      const group = { ...values, ...binding, id, orgId, makesAdmins };
      await this.groups.insert(group);
      await this.effects.afterCreate(principal, group, members);
    });
    return id;
  }

  /** @throws as `patch` does */
  replace(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<void> {
    return this.change(principal, target, editFromReplacement(body));
  }

  /**
   * Changes the group completely or not at all; a change without effect takes no lock.
   * @throws VersionMismatch, TokenMayNotWriteGroup, LastAdminRequired, ScimError also for a new member who is not a user,
   *   ScimResourceNotFound
   */
  patch(principal: ScimPrincipal, target: VersionedTarget, body: unknown): Promise<void> {
    return this.change(principal, target, editFromPatch(body));
  }

  /**
   * Revokes what the group grants; grants of other groups stay.
   * @throws LastAdminRequired, VersionMismatch, TokenMayNotWriteGroup
   */
  async remove(principal: ScimPrincipal, target: VersionedTarget): Promise<void> {
    await this.runLocked(principal, target, async (row) => {
      const members = await this.members.listMembers(row.orgId, [row.id]);
      await this.groups.remove(row.orgId, row.id);
      await this.effects.afterRemove(principal, row, members);
    });
  }

  private async change(principal: ScimPrincipal, target: VersionedTarget, edit: GroupEdit): Promise<void> {
    const current = await this.get(principal, target.id, { withMembers: false });
    assertVersion(current, target);
    if (edit.members.length === 0 && changedNames(current, edit.profile(writtenBy(current))).length === 0)
      return;
    await this.runLocked(principal, target, (row) => this.write(principal, row, edit));
  }

  private runLocked(
    principal: ScimPrincipal,
    target: VersionedTarget,
    work: (row: ScimGroupRow) => Promise<void>,
  ): Promise<void> {
    const lock = async () => (UUID.test(target.id) ? this.groups.lock(principal.orgId, target.id) : null);
    return this.transaction.runReadAs(principal, lock, async (row) => {
      if (!row) throw new ScimResourceNotFound();
      assertVersion(row, target);
      await this.reach.assertMayChange(principal, row);
      await work(row);
    });
  }

  private async write(principal: ScimPrincipal, row: ScimGroupRow, edit: GroupEdit): Promise<void> {
    const profile = edit.profile(writtenBy(row));
    const changed = changedNames(row, profile);
    await this.reach.assertMayName(principal, profile.displayName);
    const provenance = createdByGroup(principal);
    const memberDelta = await this.effects.updateMembers(row, edit.members, provenance);
    if (changed.length === 0 && memberDelta.added.length === 0 && memberDelta.removed.length === 0) return;
    const binding = await this.bindingOf(row, profile);
    const makesAdmins = row.makesAdmins && principal.makesAdmins;
    const group = { ...row, ...profile, ...binding, makesAdmins };
    const isRebound = !sameBinding(row, binding);
    await awaitAll([
      this.groups.update(group),
      this.effects.afterChange(principal, group, {
        memberDelta,
        isMembersListAbsent: edit.isMembersListAbsent ?? false,
        changed,
        isRebound,
        formerName: row.displayName,
        provenance,
      }),
    ]);
  }

  /** A new name is resolved again; an unchanged one keeps its binding. */
  private async bindingOf(row: ScimGroupRow, { displayName }: GroupProfile): Promise<GroupBinding> {
    const { kind, orgRole, workspaceId, roleId } = row;
    if (displayName === row.displayName) return { kind, orgRole, workspaceId, roleId };
    return this.names.bind(row.orgId, displayName);
  }
}

const changedNames = (row: ScimGroupRow, profile: GroupProfile): string[] =>
  (['displayName', 'externalId'] as const).filter((name) => row[name] !== profile[name]);
