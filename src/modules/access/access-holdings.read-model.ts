import { Injectable } from '@nestjs/common';
import type { GroupGrant } from '../../common/access/access-limits.js';
import type { Permission } from '../../common/access/permissions.js';
import { Sql } from '../../database/sql.js';
import { ACCESS_HOLDINGS, POLICIES_OF_TAGS } from './access-holdings.statements.js';
import type { PolicyContent } from './holdings.js';

type Member = { readonly id: string; readonly name: string; readonly isDisabled: boolean };
type InWorkspace = { readonly memberId: string; readonly workspaceId: string };
type OwnRole = InWorkspace & { readonly roleId: string };
type InGroup = InWorkspace & { readonly groupId: string };
type GroupInWorkspace = { readonly groupId: string; readonly workspaceId: string };
/** An own role and groups that a member of a changed group has in the workspace. */
type Combination = {
  readonly workspaceId: string;
  readonly roleId: string | null;
  readonly groupIds: readonly string[];
};
/** `permissions`: null for a system role. */
type Role = {
  readonly id: string;
  readonly displayName: string;
  readonly permissions: readonly Permission[] | null;
  readonly policyIds: readonly string[];
  readonly isRestricted: boolean;
};

/** What members have in workspaces, with the content of the groups, roles and policies concerned. */
export type AccessRows = {
  readonly canUseUserGroups: boolean;
  readonly members: readonly Member[];
  readonly ownRoles: readonly OwnRole[];
  readonly inGroups: readonly InGroup[];
  readonly combinations: readonly Combination[];
  readonly groups: readonly (GroupInWorkspace & GroupGrant & { readonly groupName: string })[];
  readonly roles: readonly Role[];
  readonly policies: readonly PolicyContent[];
};

/** Members by workspace, the roles and policies that a change names, and groups whose members a change concerns. */
export type AccessScope = {
  readonly members: readonly InWorkspace[];
  readonly roleIds: readonly string[];
  readonly policyIds: readonly string[];
  readonly changedGroups: readonly GroupInWorkspace[];
};

/** Reads with one statement what a comparison needs, however many members, workspaces and groups it is about. */
@Injectable()
export class AccessHoldings {
  constructor(private readonly sql: Sql) {}

  async load(orgId: string, scope: AccessScope): Promise<AccessRows> {
    const { canUseUserGroups, ...rows } = await this.sql.one<Nullable<AccessRows>>(ACCESS_HOLDINGS, [
      orgId,
      scope.members.map(({ memberId }) => memberId),
      scope.members.map(({ workspaceId }) => workspaceId),
      scope.roleIds,
      scope.policyIds,
      scope.changedGroups.map(({ groupId }) => groupId),
      scope.changedGroups.map(({ workspaceId }) => workspaceId),
    ]);
    return {
      canUseUserGroups: canUseUserGroups ?? false,
      members: rows.members ?? [],
      ownRoles: rows.ownRoles ?? [],
      inGroups: rows.inGroups ?? [],
      combinations: rows.combinations ?? [],
      groups: rows.groups ?? [],
      roles: rows.roles ?? [],
      policies: rows.policies ?? [],
    };
  }

  /** Policies that are attached in the workspace and compare one of these tag keys. */
  listPoliciesOfTags(orgId: string, workspaceId: string, keys: readonly string[]): Promise<PolicyOfTag[]> {
    return this.sql.rows<PolicyOfTag>(POLICIES_OF_TAGS, [orgId, workspaceId, keys]);
  }
}

/** A policy that compares a tag key; `permissions`: all that it names. */
export type PolicyOfTag = Pick<PolicyContent, 'name' | 'permissions'> & { readonly key: string };

/** An aggregate of no rows is null. */
type Nullable<Row> = { [Column in keyof Row]: Row[Column] | null };
