import { Injectable } from '@nestjs/common';
import type { GroupGrant } from '../../common/access/access-limits.js';
import type { Permission } from '../../common/access/permissions.js';
import { Sql } from '../../database/sql.js';
import { ACCESS_HOLDINGS, POLICIES_OF_TAGS } from './access-holdings.statements.js';
import type { PolicyContent } from './holdings.js';

type Member = { readonly id: string; readonly name: string; readonly isDisabled: boolean };
type InWorkspace = { readonly memberId: string; readonly workspaceId: string };
type OwnRole = InWorkspace & { readonly roleId: string };
type GroupRole = InWorkspace & GroupGrant & { readonly groupId: string; readonly groupName: string };
/** `permissions`: null for a system role. */
type Role = {
  readonly id: string;
  readonly displayName: string;
  readonly permissions: readonly Permission[] | null;
  readonly policyIds: readonly string[];
  readonly isRestricted: boolean;
};

/** What members have in workspaces, with the content of the roles and policies concerned. */
export type AccessRows = {
  readonly canUseUserGroups: boolean;
  readonly members: readonly Member[];
  readonly ownRoles: readonly OwnRole[];
  readonly byGroups: readonly GroupRole[];
  readonly roles: readonly Role[];
  readonly policies: readonly PolicyContent[];
};

/** Members by workspace, and the roles and policies that a change names. */
export type AccessScope = {
  readonly members: readonly InWorkspace[];
  readonly roleIds: readonly string[];
  readonly policyIds: readonly string[];
};

/** Reads with one statement what a comparison needs, however many members and workspaces it is about. */
@Injectable()
export class AccessHoldings {
  constructor(private readonly sql: Sql) {}

  async load(orgId: string, { members, roleIds, policyIds }: AccessScope): Promise<AccessRows> {
    const { canUseUserGroups, ...rows } = await this.sql.one<Nullable<AccessRows>>(ACCESS_HOLDINGS, [
      orgId,
      members.map(({ memberId }) => memberId),
      members.map(({ workspaceId }) => workspaceId),
      roleIds,
      policyIds,
    ]);
    return {
      canUseUserGroups: canUseUserGroups ?? false,
      members: rows.members ?? [],
      ownRoles: rows.ownRoles ?? [],
      byGroups: rows.byGroups ?? [],
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
