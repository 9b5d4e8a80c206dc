import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';
import { Transaction } from '../../../database/transaction.js';
import type { UserGroup } from './user-group.entity.js';
import { UserGroupMember, type UserGroupMemberSource } from './user-group-member.entity.js';
import { UserGroupServiceAccount } from './user-group-service-account.entity.js';
import {
  ADD_IDENTITIES,
  ADD_USERS,
  FIND_SERVICE_ACCOUNT,
  LIST,
  LIST_IN_WORKSPACE,
  LIST_JOINING,
  MAKE_MANUAL,
} from './user-group-members.statements.js';

/**
 * A user or a service account, which has neither a user id nor an address; `memberId` is the id of either. `identityId`: in
 * the organization, or in the workspace, where `orgIdentityId` is that in the organization.
 */
export type ListedMember = {
  readonly identityId: string;
  readonly orgIdentityId?: string;
  readonly memberId: string;
  readonly userId: string | null;
  readonly email: string | null;
  readonly fullName: string | null;
  readonly avatarUrl: string | null;
  readonly isDisabled: boolean;
  readonly addedAt: Date;
};
export type AddedIdentity = {
  readonly identityId: string;
  readonly status: 'CREATED' | 'UNCHANGED' | 'FAILED';
  readonly isInOrg: boolean;
};
type GroupKey = Pick<UserGroup, 'orgId' | 'id' | 'workspaceId'>;
/** `afterMemberId`: the last member of the page before; null for the first page. */
type Page = { readonly afterMemberId: string | null; readonly limit: number };

/** Members of user groups. Identities are memberships in the organization, or those of service accounts. */
@Injectable()
export class UserGroupMembersRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(UserGroupMember);
  }

  /** Users and service accounts, by their ids. */
  list({ orgId, id }: GroupKey, { afterMemberId, limit }: Page): Promise<ListedMember[]> {
    return this.sql.rows(LIST, [orgId, id, afterMemberId, limit]);
  }

  /** Users who are members of the child's workspace, by user id. */
  listInWorkspace(
    { orgId, id, workspaceId }: GroupKey,
    { afterMemberId, limit }: Page,
  ): Promise<ListedMember[]> {
    return this.sql.rows(LIST_IN_WORKSPACE, [orgId, id, workspaceId, afterMemberId, limit]);
  }

  find({ orgId, id }: GroupKey, userId: string): Promise<UserGroupMember | null> {
    return this.rows.findOneBy({ orgId, userGroupId: id, userId });
  }

  /** Those whom `addIdentities` would add, who are no members yet. */
  listJoining(
    { orgId, id, workspaceId }: GroupKey,
    identityIds: readonly string[],
  ): Promise<{ identityId: string; memberId: string }[]> {
    return this.sql.rows(LIST_JOINING, [orgId, id, workspaceId, identityIds]);
  }

  /** Adds members by hand; to a child only those in its workspace. In the order of the identities. */
  addIdentities(
    { orgId, id, workspaceId }: GroupKey,
    identityIds: readonly string[],
  ): Promise<AddedIdentity[]> {
    return this.sql.rows(ADD_IDENTITIES, [orgId, id, workspaceId, identityIds]);
  }

  /** Adds those users who are active members of the organization and not of the group. Returns their number. */
  addUsers(
    { orgId, id }: Pick<UserGroup, 'orgId' | 'id'>,
    userIds: readonly string[],
    source: UserGroupMemberSource,
  ): Promise<number> {
    return this.sql.affected(ADD_USERS, [orgId, id, userIds, source]);
  }

  async remove({ orgId, id }: GroupKey, userId: string): Promise<void> {
    await this.rows.delete({ orgId, userGroupId: id, userId });
  }

  /** The id of the service account; null if no member of the group is one with this identity. */
  async findServiceAccount({ orgId, id }: GroupKey, identityId: string): Promise<string | null> {
    return (await this.sql.row<{ id: string }>(FIND_SERVICE_ACCOUNT, [orgId, id, identityId]))?.id ?? null;
  }

  async removeServiceAccount({ orgId, id }: GroupKey, serviceAccountId: string): Promise<void> {
    const accounts = this.transaction.manager.getRepository(UserGroupServiceAccount);
    await accounts.delete({ orgId, userGroupId: id, serviceAccountId });
  }

  /** Members of other sources become manual: synchronization has ended. */
  async makeManual({ orgId, id }: Pick<UserGroup, 'orgId' | 'id'>): Promise<void> {
    await this.sql.affected(MAKE_MANUAL, [orgId, id]);
  }
}
