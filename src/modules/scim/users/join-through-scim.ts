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

  async add(orgId: string, userId: string): Promise<void> {
    const added = await this.members.add(orgId, [{ userId, roleId: ORG_USER }], 'scim');
    if (added.size > 0) await this.seats.assertWithinLimit(await this.orgs.get(orgId));
  }
}
