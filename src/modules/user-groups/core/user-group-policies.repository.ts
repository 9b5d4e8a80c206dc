import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';
import type { Policy } from '../../rbac/index.js';
import type { UserGroup } from './user-group.entity.js';

/** `workspaceId`: null for every workspace of the group. */
export type PolicyOfUserGroup = Policy & { readonly workspaceId: string | null };

const LIST_CONTENT = {
  name: 'user_group_policies_list_content',
  text: `
    select p.id, p.effect, p.condition_groups as "conditionGroups", a.workspace_id as "workspaceId"
    from user_group_policies a join access_policies p on p.id = a.access_policy_id
    where a.org_id = $1 and a.user_group_id = $2`,
};

/** Access policies that are attached to user groups. */
@Injectable()
export class UserGroupPoliciesRepository {
  constructor(private readonly sql: Sql) {}

  /** What the attached policies say, to compare it with what a caller holds. */
  listContent({ orgId, id }: Pick<UserGroup, 'orgId' | 'id'>): Promise<PolicyOfUserGroup[]> {
    return this.sql.rows(LIST_CONTENT, [orgId, id]);
  }
}
