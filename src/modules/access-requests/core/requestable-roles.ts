import { Injectable } from '@nestjs/common';
import { mayGrant, type Role, RolesService } from '../../roles/index.js';

/** The roles for which members may ask: roles of workspaces whose assignment is not restricted. */
@Injectable()
export class RequestableRoles {
  constructor(private readonly roles: RolesService) {}

  /** Null if it is unknown, or may not be asked for. */
  async find(orgId: string, id: string): Promise<Role | null> {
    const role = (await this.roles.findOrgRoles(orgId, [id])).get(id);
    return role && role.accessScope === 'workspace' && !role.isRestricted ? role : null;
  }

  /** Whether a role has no permission that the other one lacks; false if either is unknown or may not be asked for. */
  async isWithin(orgId: string, { id, otherId }: { id: string; otherId: string }): Promise<boolean> {
    const [role, other] = [await this.find(orgId, id), await this.find(orgId, otherId)];
    return role !== null && other !== null && mayGrant(new Set(other.permissions), role.permissions);
  }
}
