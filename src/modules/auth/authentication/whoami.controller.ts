import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal, WorkspaceQuery } from '../../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../../common/access/principal.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PublicAuthInfo } from '../../../contract/sign-in.js';

/** Lets other services ask for the user and context of a credential that they received. */
@ApiTags('auth')
@Controller('auth/public')
export class WhoamiController {
  @Get()
  @WorkspaceQuery('in-workspace', PublicAuthInfo)
  whoami(@CurrentPrincipal() principal: WorkspacePrincipal): PublicAuthInfo {
    return toPublicAuthInfo(principal);
  }
}

/** Omits the user for a service key, because no field may be null. */
function toPublicAuthInfo({ orgId, workspaceId, userId, email }: WorkspacePrincipal): PublicAuthInfo {
  const person = userId && email ? { user_id: userId, ls_user_id: userId, user_email: email } : {};
  return { organization_id: orgId, tenant_id: workspaceId, ...person };
}
