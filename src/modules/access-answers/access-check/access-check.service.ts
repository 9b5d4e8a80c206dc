import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { first } from '../../../common/collections.js';
import { MemberNotFound, type OrgMembership, OrgMembersService } from '../../members/index.js';
import { WorkspaceNotFound, WorkspacesService } from '../../workspaces/index.js';
import { type AccessQuestion, DecideAccess, type DecidedAccess } from '../decisions/decide-access.js';

/** The member of a check: a user, or one of their memberships. */
export type CheckedMember = { userId: string } | { membershipId: string };
export type AccessCheck = Omit<AccessQuestion, 'subject'> & { member: CheckedMember };

/** Members may ask about themselves; callers with `organization:manage` about every member. */
@Injectable()
export class AccessCheckService {
  constructor(
    private readonly members: OrgMembersService,
    private readonly workspaces: WorkspacesService,
    private readonly decisions: DecideAccess,
  ) {}

  async check(principal: OrgPrincipal, { member: about, ...question }: AccessCheck): Promise<DecidedAccess> {
    const { orgId } = principal;
    const managesOrg = principal.can('organization:manage');
    const member = await this.find(orgId, about);
    if (!managesOrg && member?.userId !== principal.userId)
      throw new PermissionMissing('organization:manage');
    if (!member) throw new MemberNotFound();
    await this.workspaces.get(orgId, question.workspaceId);
    const subject = { kind: 'user', id: member.userId } as const;
    const decided = first(await this.decisions.decide(orgId, [{ ...question, subject }]));
    if (!decided.role && !managesOrg) throw new WorkspaceNotFound(question.workspaceId); // does not reveal that it exists
    return decided;
  }

  private async find(orgId: string, about: CheckedMember): Promise<OrgMembership | null> {
    if ('membershipId' in about) return this.members.find(orgId, about.membershipId);
    return (await this.members.findByUsers(orgId, [about.userId])).get(about.userId) ?? null;
  }
}
