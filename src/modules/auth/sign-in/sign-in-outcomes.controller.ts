import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { SignInOutcomes } from '../../../contract/identity-provider/sso-settings.js';
import { ForetellSignIns } from './provisioning/foretell-sign-ins.js';

/** Not in the published API: what becomes of sign-ins by the settings of the organization. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/sso-settings/sign-in-outcomes')
export class SignInOutcomesController {
  constructor(private readonly foretelling: ForetellSignIns) {}

  @Get()
  @OrgQuery('organization:read', SignInOutcomes)
  async getSignInOutcomes(@CurrentPrincipal() { orgId }: OrgPrincipal): Promise<SignInOutcomes> {
    const { provisioning, signIns } = await this.foretelling.run(orgId);
    return {
      default_workspace_ids: [...provisioning.workspaceIds],
      default_workspace_role_id: provisioning.workspaceRoleId,
      outcomes: signIns.map(({ person, hasGroup, decision }) => ({
        person,
        has_group: hasGroup,
        rule: 'rule' in decision ? decision.rule : null,
        refusal: 'refusal' in decision ? decision.refusal : null,
        group_roles: 'rule' in decision && hasGroup === true && provisioning.groups?.grantRoles === true,
      })),
    };
  }
}
