import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../common/access/principal.js';
import type { RowList } from '../../common/lists/streamed-rows.js';
import { Config } from '../../config/config.js';
import { ListReader } from '../../database/lists/list-reader.js';
import { type Org, OrgsRepository, PersonalOrgExists } from '../orgs/index.js';
import { LoginMethodsRepository } from '../users/index.js';
import { type NewOrganization, ProvisionOrganization } from './provision-organization.js';
import { type VisibleWorkspace, VisibleWorkspaces } from './visible-workspaces.js';
import type { WorkspaceWithOrg } from './workspaces.service.js';

const PERSONAL = { displayName: 'Personal', isPersonal: true, securityContact: null };

@Injectable()
export class OrganizationCreationService {
  constructor(
    private readonly provisionOrganization: ProvisionOrganization,
    private readonly orgs: OrgsRepository,
    private readonly visible: VisibleWorkspaces,
    private readonly logins: LoginMethodsRepository,
    private readonly lists: ListReader,
    private readonly config: Config,
  ) {}

  /** The caller's organizations, oldest first. */
  async listOrgs(principal: UserPrincipal, { mayCreate }: { mayCreate: boolean }): Promise<RowList<Org>> {
    if (mayCreate) await this.createPersonalOrgIfMissing(principal);
    const [orgs] = await this.lists.read(this.orgs.allOfMember(principal.userId));
    return orgs;
  }

  async listWorkspaces(
    principal: UserPrincipal,
    options: { mayCreate: boolean; includeDeleted: boolean },
  ): Promise<RowList<VisibleWorkspace>> {
    if (options.mayCreate) await this.createPersonalOrgIfMissing(principal);
    return this.visible.listInAllOrgs(principal, options);
  }

  create(principal: UserPrincipal, input: NewOrganization): Promise<WorkspaceWithOrg> {
    return this.provisionOrganization.run(input, {
      isDefault: false,
      ownerId: principal.userId,
      via: 'organization_creation',
      actor: principal,
      operation: input.workspace ? 'create_tenant' : 'create_organization',
    });
  }

  /** Of two lists at once one creates it: by a unique index (docs/contract/organizations.md#founding-organizations). */
  private async createPersonalOrgIfMissing(principal: UserPrincipal): Promise<void> {
    if (this.config.sso === null || this.config.flags.personalOrgsDisabled) return;
    if (await this.orgs.hasPersonal(principal.userId)) return;
    if (!(await this.logins.hasPassword(principal.userId))) return;
    try {
      await this.create(principal, PERSONAL);
    } catch (error) {
      if (!(error instanceof PersonalOrgExists)) throw error;
    }
  }
}
