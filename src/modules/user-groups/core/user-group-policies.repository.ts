import { Injectable } from '@nestjs/common';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { newId } from '../../../database/statements/new-id.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import type { UserGroup } from './entities.js';

/** $1 organization, $2 group. */
const LIST_FOR_ALL_WORKSPACES = named('user_group_policies_list_for_all_workspaces')`
  select access_policy_id as id from user_group_policies
  where org_id = $1 and user_group_id = $2 and workspace_id is null`;

const ATTACHED = `
  select a.id, p.id as "policyId", p.name, p.description, p.effect, a.created_at as "attachedAt",
    coalesce(a.workspace_id, g.workspace_id) as "workspaceId"
  from user_group_policies a
  join access_policies p on p.id = a.access_policy_id
  join current_user_groups g on g.id = a.user_group_id
  where a.org_id = $1 and a.user_group_id = $2`;

/** $1 organization, $2 group, $3 the last attachment of the page before or null, $4 limit. */
const LIST = named('user_group_policies_list')`
  ${ATTACHED} and ($3::uuid is null or a.id > $3) order by a.id limit $4`;

/** $1 organization, $2 group, $3 policy, $4 workspace or null. */
const FIND = named('user_group_policies_find')`
  ${ATTACHED} and a.access_policy_id = $3 and a.workspace_id is not distinct from $4`;

/** $1 id, $2 group, $3 organization, $4 policy, $5 workspace or null. */
const ATTACH = named('user_group_policies_attach')`
  insert into user_group_policies (id, user_group_id, org_id, access_policy_id, workspace_id)
  values ($1, $2, $3, $4, $5) on conflict do nothing`;

/** $1 organization, $2 group, $3 policy, $4 workspace or null. */
const DETACH = named('user_group_policies_detach')`
  delete from user_group_policies
  where org_id = $1 and user_group_id = $2 and access_policy_id = $3 and workspace_id is not distinct from $4`;

/** `id`: of the attachment. */
export type AttachedGroupPolicy = {
  readonly id: string;
  readonly policyId: string;
  readonly name: string;
  readonly description: string;
  readonly effect: 'allow' | 'deny';
  readonly attachedAt: Date;
  readonly workspaceId: string | null;
};
type GroupKey = Pick<UserGroup, 'orgId' | 'id'>;
/** `workspaceId`: null for every workspace of the group. */
export type Attachment = { readonly policyId: string; readonly workspaceId: string | null };

/** Access policies that are attached to user groups. */
@Injectable()
export class UserGroupPoliciesRepository {
  constructor(private readonly sql: Sql) {}

  /** Those that apply in every workspace in which the group has, or gets, a role. */
  async listForAllWorkspaces({ orgId, id }: GroupKey): Promise<string[]> {
    const rows = await this.sql.rows<{ id: string }>(LIST_FOR_ALL_WORKSPACES, [orgId, id]);
    return rows.map((policy) => policy.id);
  }

  /** Oldest first. */
  list({ orgId, id }: GroupKey, { after, limit }: ListPage): Promise<AttachedGroupPolicy[]> {
    return this.sql.rows(LIST, [orgId, id, after?.id ?? null, limit]);
  }

  find({ orgId, id }: GroupKey, { policyId, workspaceId }: Attachment): Promise<AttachedGroupPolicy> {
    return this.sql.one(FIND, [orgId, id, policyId, workspaceId]);
  }

  /** False if it is attached already. */
  async attach({ orgId, id }: GroupKey, { policyId, workspaceId }: Attachment): Promise<boolean> {
    return (await this.sql.affected(ATTACH, [newId(), id, orgId, policyId, workspaceId])) === 1;
  }

  /** False if it is not attached. */
  async detach({ orgId, id }: GroupKey, { policyId, workspaceId }: Attachment): Promise<boolean> {
    return (await this.sql.affected(DETACH, [orgId, id, policyId, workspaceId])) === 1;
  }
}
