import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, UserPrincipal } from '../../../common/access/principal.js';
import { Config } from '../../../config/config.js';
import { OrgsRepository, PatCreationDisabledByOperator, PatCreationDisabledByOrg } from '../../orgs/index.js';
import { DefaultWorkspaceRule } from '../../workspaces/index.js';
import { ApplicationOfAnotherOrganization } from '../core/errors.js';
import type { Application } from '../library/library.js';

export type Approver = OrgPrincipal & UserPrincipal;

const LONGEST_DAYS = 180;

/** What an organization lets its members approve (docs/contract/oauth.md#grants). Under the roster lock. */
@Injectable()
export class ApprovalRules {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly defaultWorkspace: DefaultWorkspaceRule,
    private readonly config: Config,
  ) {}

  /**
   * How many days a grant lasts at most.
   *
   * @throws PatCreationDisabledByOperator, PatCreationDisabledByOrg, ApplicationOfAnotherOrganization or WorkspaceNotFound
   */
  async daysFor(principal: Approver, application: Application, workspaceId: string | null): Promise<number> {
    const org = await this.orgs.get(principal.orgId);
    if (this.config.flags.patCreationDisabled) throw new PatCreationDisabledByOperator();
    if (org.patCreationDisabled) throw new PatCreationDisabledByOrg();
    if (application.orgId !== null && application.orgId !== principal.orgId)
      throw new ApplicationOfAnotherOrganization();
    await this.defaultWorkspace.assertUsable(principal, workspaceId);
    return Math.min(org.maxPatExpiryDays ?? LONGEST_DAYS, org.maxApiKeyExpiryDays ?? LONGEST_DAYS);
  }
}
