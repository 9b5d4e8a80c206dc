import { Injectable } from '@nestjs/common';
import { type AuditDetails, type AuditedAction, AuditTrail, operatorIn } from '../../audit/index.js';
import { AccessEnds, RoleEndsService } from '../../members/index.js';
import { EndedAccessRepository, type EndedGrant, type EndedMember } from './ended-access.repository.js';
import type { UserGroup } from './entities.js';

/** More than a group has. */
const ALL = 1_000_000;

/**
 * Ends of memberships and grants of user groups. Removes memberships and grants of user groups whose end has passed, each with an entry
 * (docs/contract/user-groups.md#ends). Under the roster lock.
 */
@Injectable()
export class UserGroupEnds {
  constructor(
    private readonly ended: EndedAccessRepository,
    private readonly ends: AccessEnds,
    private readonly roleEnds: RoleEndsService,
    private readonly audit: AuditTrail,
  ) {}

  /** The end that a request names. @throws ValidationFailed */
  check(at: Date | null | undefined): Promise<void> {
    return this.ends.check([{ at, loc: ['body', 'access_expires_at'] }]);
  }

  /** As `RoleEndsService.endCredentialsEarlier`; `after`: undefined if it stays. */
  async endCredentialsEarlier(
    orgId: string,
    before: Date | null,
    after: Date | null | undefined,
  ): Promise<AuditDetails> {
    return after === undefined ? {} : this.roleEnds.endCredentialsEarlier(orgId, before, after);
  }

  /** Organizations in which there is something to remove. */
  listOrgs(limit: number): Promise<string[]> {
    return this.ended.listOrgs(limit);
  }

  /** At most `limit` of each kind. True if there may be more. */
  async tidy(orgId: string, limit: number): Promise<boolean> {
    const members = await this.ended.removeMembers(orgId, null, limit);
    const grants = await this.ended.removeGrants(orgId, null, limit);
    await this.audit.recordAll([...members.map(toEntry(orgId)), ...grants.map(toEntry(orgId))]);
    return members.length === limit || grants.length === limit;
  }

  /** Before somebody is added: who has left counts as no member. */
  async tidyMembersOf({ orgId, id }: Pick<UserGroup, 'orgId' | 'id'>): Promise<void> {
    await this.audit.recordAll((await this.ended.removeMembers(orgId, id, ALL)).map(toEntry(orgId)));
  }

  /** Before the group gets a role. */
  async tidyGrantsOf({ orgId, id }: Pick<UserGroup, 'orgId' | 'id'>): Promise<void> {
    await this.audit.recordAll((await this.ended.removeGrants(orgId, id, ALL)).map(toEntry(orgId)));
  }
}

/** Of the whole organization, whatever request comes across it. */
const toEntry =
  (orgId: string) =>
  (one: EndedMember | EndedGrant): AuditedAction => ({
    actor: operatorIn(orgId),
    operation: 'expire_access',
    ...('userId' in one
      ? {
          resourceIds: [one.groupId, one.userId],
          scope: {
            orgId,
            details: { user_group_members_removed: { [one.groupId]: [one.userId] }, ...endOf(one) },
          },
        }
      : {
          resourceIds: [one.groupId, one.childId, one.workspaceId],
          scope: { orgId, details: { ended_grant_role_id: one.roleId, ...endOf(one) } },
        }),
  });

const endOf = ({ endedAt, setBy }: EndedMember | EndedGrant): AuditDetails => ({
  ended_at: endedAt.toISOString(),
  end_set_by_ls_user_id: setBy,
});
