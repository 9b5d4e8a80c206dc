import { Injectable } from '@nestjs/common';
import { type AuditDetails, type AuditedAction, AuditTrail, operatorIn } from '../../audit/index.js';
import { AccessEnds, RoleEndsService } from '../../members/index.js';
import { EndedAccessRepository, type EndedGrant, type EndedMember } from './ended-access.repository.js';
import type { UserGroup } from './entities.js';

/** More than a group has. */
const ALL = 1_000_000;

/** The ends of memberships and grants of user groups (docs/contract/user-groups.md#ends). Under the roster lock. */
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

  /** Organizations in which something has ended. */
  listOrgs(limit: number): Promise<string[]> {
    return this.ended.listOrgs(limit);
  }

  /** Removes what has ended, at most `limit` of each kind, with an entry for each. True if there may be more. */
  async tidy(orgId: string, limit: number): Promise<boolean> {
    const members = await this.ended.removeMembers(orgId, null, limit);
    const grants = await this.ended.removeGrants(orgId, null, limit);
    await this.audit.recordAll([...members, ...grants].map(toEntry(orgId)));
    return members.length === limit || grants.length === limit;
  }

  /** Before identities are added: one whose membership has ended counts as no member. */
  async tidyMembersOf({ orgId, id }: Pick<UserGroup, 'orgId' | 'id'>): Promise<void> {
    await this.audit.recordAll((await this.ended.removeMembers(orgId, id, ALL)).map(toEntry(orgId)));
  }

  /** Before the group gets a role. */
  async tidyGrantsOf({ orgId, id }: Pick<UserGroup, 'orgId' | 'id'>): Promise<void> {
    await this.audit.recordAll((await this.ended.removeGrants(orgId, id, ALL)).map(toEntry(orgId)));
  }
}

/** Recorded for the organization, whichever request removes it. */
const toEntry =
  (orgId: string) =>
  (one: EndedMember | EndedGrant): AuditedAction => ({
    actor: operatorIn(orgId),
    operation: 'expire_access',
    resourceIds: 'userId' in one ? [one.groupId, one.userId] : [one.groupId, one.childId, one.workspaceId],
    scope: {
      orgId,
      details: {
        ...('userId' in one
          ? { user_group_members_removed: { [one.groupId]: [one.userId] } }
          : { ended_grant_role_id: one.roleId }),
        ended_at: one.endedAt.toISOString(),
        end_set_by_ls_user_id: one.setBy,
      },
    },
  });
