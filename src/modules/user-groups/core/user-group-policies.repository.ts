import { Injectable } from '@nestjs/common';
import { newId } from '../../../database/new-id.js';
import { Sql } from '../../../database/sql.js';
import type { UserGroup } from './user-group.entity.js';
import { ATTACH, DETACH, FIND, LIST, LIST_FOR_ALL_WORKSPACES } from './user-group-policies.statements.js';

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
type Attachment = { readonly policyId: string; readonly workspaceId: string | null };
/** `afterId`: the last attachment of the page before; null for the first page. */
type Page = { readonly afterId: string | null; readonly limit: number };

/** Access policies that are attached to user groups. */
@Injectable()
export class UserGroupPoliciesRepository {
  constructor(private readonly sql: Sql) {}

  /** Ids of the policies that apply in every workspace in which the group has, or gets, a role. */
  async listForAllWorkspaces({ orgId, id }: GroupKey): Promise<string[]> {
    const rows = await this.sql.rows<{ id: string }>(LIST_FOR_ALL_WORKSPACES, [orgId, id]);
    return rows.map((policy) => policy.id);
  }

  /** Oldest first. */
  list({ orgId, id }: GroupKey, { afterId, limit }: Page): Promise<AttachedGroupPolicy[]> {
    return this.sql.rows(LIST, [orgId, id, afterId, limit]);
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
