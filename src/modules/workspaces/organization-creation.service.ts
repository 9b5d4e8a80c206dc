import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../common/access/principal.js';
import { Config } from '../../config/config.js';
import { OrgMembersService } from '../members/index.js';
import { type Org, OrgsService, PersonalOrgExists } from '../orgs/index.js';
import { LoginMethodsService } from '../users/index.js';
import { ProvisionOrganization } from './provision-organization.js';
import { type VisibleWorkspace, VisibleWorkspaces } from './visible-workspaces.js';
import type { NewWorkspace, WorkspaceWithOrg } from './workspaces.service.js';

export type NewOrganization = {
  displayName: string;
  isPersonal: boolean;
  securityContact: string | null;
  workspace?: NewWorkspace;
};

const PERSONAL = { displayName: 'Personal', isPersonal: true, securityContact: null };

/** Creates organizations on request, and personal ones with the first list of the user's organizations. */
@Injectable()
export class OrganizationCreationService {
  constructor(
    private readonly provisionOrganization: ProvisionOrganization,
    private readonly orgs: OrgsService,
    private readonly members: OrgMembersService,
    private readonly visible: VisibleWorkspaces,
    private readonly logins: LoginMethodsService,
    private readonly config: Config,
  ) {}

  /**
   * The caller's organizations, oldest first. With `mayCreate`, creates the personal one for a single sign-on user
   * who also has a password (docs/contract/organizations.md#founding-organizations).
   */
  async listOrgs(principal: UserPrincipal, options: { mayCreate: boolean }): Promise<Org[]> {
    const orgs = await this.orgsOf(principal);
    const hasPersonal = orgs.some(
      ({ isPersonal, createdByUserId }) => isPersonal && createdByUserId === principal.userId,
    );
    const isAllowed = this.config.sso !== null && !this.config.flags.personalOrgsDisabled;
    if (!options.mayCreate || !isAllowed || hasPersonal) return orgs;
    if (!(await this.logins.hasPassword(principal.userId))) return orgs;
    await this.createPersonalOrg(principal);
    return this.orgsOf(principal);
  }

  async listWorkspaces(
    principal: UserPrincipal,
    options: { mayCreate: boolean; includeDeleted: boolean },
  ): Promise<VisibleWorkspace[]> {
    await this.listOrgs(principal, options);
    return this.visible.listForUser(principal.userId, null, options);
  }

  create(principal: UserPrincipal, input: NewOrganization): Promise<WorkspaceWithOrg> {
    return this.provisionOrganization.run({
      ...input,
      isDefault: false,
      ownerId: principal.userId,
      via: 'organization_creation',
      actor: principal,
      operation: input.workspace ? 'create_tenant' : 'create_organization',
    });
  }

  private async orgsOf(principal: UserPrincipal): Promise<Org[]> {
    const memberships = await this.members.listOrgMemberships(principal.userId);
    return this.orgs.listByIds(memberships.map(({ orgId }) => orgId));
  }

  /** Of two concurrent first lists one creates it: the unique index decides. */
  private async createPersonalOrg(principal: UserPrincipal): Promise<void> {
    try {
      await this.create(principal, PERSONAL);
    } catch (error) {
      if (!(error instanceof PersonalOrgExists)) throw error;
    }
  }
}
