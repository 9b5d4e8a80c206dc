import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { type CreatedByMember, NO_CREATED_CREDENTIALS, OrgMembersService } from '../members/index.js';
import { InvitationsService } from './invitations.service.js';
import { PendingMemberDirectory } from './core/pending-member-directory.read-model.js';

/** Removes a member or revokes an invitation (docs/contract/http.md#routes-beyond-the-published-description). */
@Injectable()
export class RemoveMemberOrInvitation {
  constructor(
    private readonly orgMembers: OrgMembersService,
    private readonly pending: PendingMemberDirectory,
    private readonly invitations: InvitationsService,
  ) {}

  /** Returns the keys and tokens that the member created. @throws MemberNotFound if the id is neither */
  async remove(
    principal: OrgPrincipal,
    memberOrInvitationId: string,
    options: { revokeCreated: boolean },
  ): Promise<CreatedByMember> {
    const isMember = await this.orgMembers.find(principal.orgId, memberOrInvitationId);
    if (isMember || !(await this.isPending(principal, memberOrInvitationId)))
      return this.orgMembers.remove(principal, memberOrInvitationId, options);
    await this.invitations.revoke(principal, memberOrInvitationId);
    return { ...NO_CREATED_CREDENTIALS, grants: [] };
  }

  private async isPending({ orgId }: OrgPrincipal, id: string): Promise<boolean> {
    return (await this.pending.find([id])).get(id)?.orgId === orgId;
  }
}
