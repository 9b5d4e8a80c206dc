import { Injectable } from '@nestjs/common';
import { Seats } from '../../invitations/index.js';
import { OrgMembersService } from '../../members/index.js';
import { OrgsService } from '../../orgs/index.js';
import { systemRole } from '../../rbac/index.js';

const ORG_USER = systemRole('ORGANIZATION_USER').id;

/** A member who is in already keeps the role that he has; groups may give him another. */
@Injectable()
export class JoinThroughScim {
  constructor(
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsService,
    private readonly seats: Seats,
  ) {}

  async add(orgId: string, userIds: readonly string[]): Promise<void> {
    const joining = userIds.map((userId) => ({ userId, roleId: ORG_USER }));
    const added = await this.members.add(orgId, joining, 'scim');
    if (added.size > 0) await this.seats.assertWithinLimit(await this.orgs.get(orgId));
  }
}
