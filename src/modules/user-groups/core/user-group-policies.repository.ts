import { Injectable } from '@nestjs/common';
import { newId } from '../../../database/new-id.js';
import { Sql } from '../../../database/sql.js';
import type { Policy } from '../../rbac/index.js';
import type { UserGroup } from './user-group.entity.js';
import { ATTACH, DETACH, FIND, LIST, LIST_CONTENT } from './user-group-policies.statements.js';

/** `workspaceId`: null for every workspace of the group; of a child, for its workspace. */
export type PolicyOfUserGroup = Policy & { readonly workspaceId: string | null };

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

  /** What the attached policies say, also those of the group's children, to compare it with what a caller holds. */
  listContent(
    { orgId, id }: GroupKey,
    { withChildren }: { withChildren: boolean },
  ): Promise<PolicyOfUserGroup[]> {
    return this.sql.rows(LIST_CONTENT, [orgId, id, withChildren]);
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
