import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import type { ListQuery } from '../../database/lists/list-cursor.js';
import { newId } from '../../database/statements/new-id.js';
import type { Org, ProductPreferences } from './org.entity.js';
import { OrgNotFound } from './orgs.errors.js';
import { OrgsRepository } from './orgs.repository.js';

export type NewOrg = {
  displayName: string;
  isPersonal: boolean;
  isDefault: boolean;
  createdByUserId: string;
  securityContact: string | null;
};

/** The changeable fields of an organization; absent = unchanged. */
export type OrgChanges = Partial<
  Pick<
    Org,
    | 'displayName'
    | 'invitesEnabled'
    | 'jitProvisioningEnabled'
    | 'workspaceAdminCanInviteToOrg'
    | 'patCreationDisabled'
    | 'apiKeyCreationFromApiKeysEnabled'
    | 'maxApiKeyExpiryDays'
    | 'maxPatExpiryDays'
    | 'maxServiceKeyExpiryDays'
    | 'securityContact'
    | 'scimGroupNameSeparator'
    | 'mailLanguage'
    | 'ssoOnly'
    | 'ssoLoginSlug'
  >
> & { preferences?: ProductPreferences };

/** Organizations as rows. `ProvisionOrganization` creates one with its first workspace and admin. */
@Injectable()
export class OrgsService {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly config: Config,
  ) {}

  async get(orgId: string): Promise<Org> {
    const org = await this.orgs.find(orgId);
    if (!org) throw new OrgNotFound();
    return org;
  }

  /** The organization that single sign-on provisions new users into. */
  findDefault(): Promise<Org | null> {
    return this.orgs.findDefault();
  }

  /** Exists from the first start on and cannot be deleted. @throws OrgNotFound */
  async getDefault(): Promise<Org> {
    const org = await this.orgs.findDefault();
    if (!org) throw new OrgNotFound();
    return org;
  }

  findByLoginSlug(slug: string): Promise<Org | null> {
    return this.orgs.findByLoginSlug(slug);
  }

  /** The organizations with a membership of the user, oldest first. */
  allOfMember(userId: string): ListQuery<Org> {
    return this.orgs.allOfMember(userId);
  }

  /** Whether the user has created their personal organization. */
  hasPersonal(userId: string): Promise<boolean> {
    return this.orgs.hasPersonal(userId);
  }

  /** Oldest first. */
  listByIds(orgIds: readonly string[]): Promise<Org[]> {
    return orgIds.length === 0 ? Promise.resolve([]) : this.orgs.listByIds(orgIds);
  }

  /**
   * With the installation's limits (docs/contract/organizations.md#seats-and-workspace-limits); a personal
   * organization has one workspace.
   */
  async create(input: NewOrg): Promise<Org> {
    const { maxIdentities, maxWorkspaces, canUseUserGroups } = this.config.limits;
    const id = newId();
    await this.orgs.insert({
      ...input,
      id,
      maxIdentities,
      maxWorkspaces: input.isPersonal ? 1 : maxWorkspaces,
      canUseUserGroups,
    } as Org);
    return this.get(id);
  }

  /** Preferences are merged, other fields replaced. The caller holds the roster lock and records the change. */
  async update(orgId: string, { preferences, ...changes }: OrgChanges): Promise<Org> {
    const org = await this.get(orgId);
    const merged = preferences ? { preferences: { ...org.preferences, ...preferences } } : {};
    await this.orgs.update(orgId, { ...changes, ...merged });
    return this.get(orgId);
  }

  /** Replaces the current default. The caller has checked the right, holds the lock, and records the change. */
  setDefault(orgId: string): Promise<void> {
    return this.orgs.setDefault(orgId);
  }
}
